import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Linked, List } from "../../src/core/list.ts";

class Item implements Linked<Item> {
  previous: Item | undefined;
  next: Item | undefined;
  readonly name: number;

  constructor(name: number) {
    this.name = name;
  }
}

const names = (list: List<Item>): number[] => [...list].map(({ name }) => name);

describe("List", () => {
  it("is empty at first", () => {
    const list = new List<Item>();
    expect([list.first, list.size, names(list)]).toEqual([undefined, 0, []]);
  });

  it("appends at the end and prepends at the front", () => {
    const list = new List<Item>();
    list.prepend(new Item(2));
    list.append(new Item(3));
    list.prepend(new Item(1));
    expect([names(list), list.first?.name, list.size]).toEqual([[1, 2, 3], 1, 3]);
  });

  it("leaves an item that was taken out without neighbours", () => {
    const list = new List<Item>();
    const item = new Item(1);
    for (const one of [new Item(0), item, new Item(2)]) list.append(one);
    list.remove(item);
    expect([item.previous, item.next]).toEqual([undefined, undefined]);
  });

  it("may be changed while it is walked", () => {
    const list = new List<Item>();
    for (const name of [1, 2, 3]) list.append(new Item(name));
    const seen = [];
    for (const item of list) {
      list.remove(item);
      seen.push(item.name);
    }
    expect([seen, list.size]).toEqual([[1, 2, 3], 0]);
  });

  it("does as an array would", () => {
    const operation = fc.tuple(fc.constantFrom("append", "prepend", "remove"), fc.nat(20));
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 60, size: "max" }), (operations) => {
        const list = new List<Item>();
        const array: Item[] = [];
        for (const [what, n] of operations) {
          if (what === "append") array.push(appended(list, n));
          else if (what === "prepend") array.unshift(prepended(list, n));
          else for (const item of array.splice(n % (array.length + 1), 1)) list.remove(item);
          expect([...list]).toEqual(array);
          expect([list.size, list.first]).toEqual([array.length, array[0]]);
        }
      }),
      { numRuns: 100 },
    );
  });
});

function appended(list: List<Item>, name: number): Item {
  const item = new Item(name);
  list.append(item);
  return item;
}

function prepended(list: List<Item>, name: number): Item {
  const item = new Item(name);
  list.prepend(item);
  return item;
}
