/** Whether an address is one of a mock of ours: on this machine, and it says so. Nothing of a request is sent to others. */
export declare function isMock({ hostname, origin }: URL): Promise<boolean>;
