// Checks the sum of each order and adds what the ERP wants to know of it.

interface Line { readonly quantity: number; readonly unitPrice: number; netMinor?: number }
interface Order { readonly reference: string; readonly shippingMinor: number; readonly totalMinor: number; readonly lines: Line[]; lineCount?: number; priority?: 'high' | 'normal' }

export default function ({ payload, meta }: { payload: Order[]; meta: Record<string, string> }, context: { log: { warn(message: string): void } }) {
  for (const order of payload) {
    for (const line of order.lines) line.netMinor = Math.round(line.unitPrice * 100) * line.quantity;
    order.lineCount = order.lines.length;
    order.priority = order.totalMinor > 25_000 ? 'high' : 'normal';
    const sum = order.lines.reduce((total, line) => total + (line.netMinor ?? 0), order.shippingMinor);
    if (sum !== order.totalMinor) context.log.warn(`${order.reference}: the lines make ${sum}, the order says ${order.totalMinor}`);
  }
  return { payload, meta };
}
