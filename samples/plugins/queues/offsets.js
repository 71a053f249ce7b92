/**
 * What may be committed of the partitions of a consumer: Kafka keeps one number per partition, so a message counts only when all before it are settled. `take` notes
 * that a message came, in order; `settle` that it is done with, in any order, and gives the last message that may be committed now, if there is one.
 */
export function createOffsets() {
  const partitions = new Map();
  const of = ({ topic, partition }) => {
    const name = `${topic} ${partition}`;
    const found = partitions.get(name) ?? { open: [], settled: new Set() };
    partitions.set(name, found);
    return found;
  };
  return {
    take: (message) => void of(message).open.push(message),
    settle(message) {
      const { open, settled } = of(message);
      settled.add(message);
      let last;
      while (open.length > 0 && settled.delete(open[0])) last = open.shift();
      return last;
    },
  };
}
