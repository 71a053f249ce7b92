export function refuse(message: string): never {
  throw new Error(message);
}
