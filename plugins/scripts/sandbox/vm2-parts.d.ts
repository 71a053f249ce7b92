// vm2 describes its main file only. The child takes the two parts that it needs, so that NodeVM and its resolver are not in the bundle.
declare module 'vm2/lib/vm.js' {
  import type { VM as Described, VMOptions } from 'vm2';
  export const VM: new (options: VMOptions & { readonly bufferAllocLimit?: number }) => Described;
}
declare module 'vm2/lib/script.js' {
  export { VMScript } from 'vm2';
}
