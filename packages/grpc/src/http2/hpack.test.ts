import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { HpackDecoder } from "./hpack-decoder.ts";
import { fieldBytesMax, HpackEncoder } from "./hpack-encoder.ts";
import { huffmanDecode, huffmanDecodedLengthMax, huffmanEncode, huffmanLength } from "./huffman.ts";

type Example = readonly [hex: string, fields: string, tableBytes: number];

function decodeAll(capacityBytes: number, examples: readonly Example[]): void {
  const decoder = new HpackDecoder(capacityBytes, 1 << 20);
  for (const [hex, fields, tableBytes] of examples) {
    const bytes = Buffer.from(hex.replaceAll(" ", ""), "hex");
    const list: string[] = [];
    assert.equal(decoder.decode(bytes, 0, bytes.length, list), undefined);
    assert.equal(list.join(" "), fields);
    assert.equal(decoder.table.sizeBytes, tableBytes);
    decoder.table.invariants();
  }
}

function encode(encoder: HpackEncoder, fields: readonly string[], index: boolean): Buffer {
  let size = 16;
  for (let i = 0; i < fields.length; i += 2) size += fieldBytesMax(fields[i]!, fields[i + 1]!);
  const bytes = Buffer.alloc(size);
  let end = encoder.begin(bytes, 0);
  for (let i = 0; i < fields.length; i += 2)
    end = encoder.field(bytes, end, fields[i]!, fields[i + 1]!, index);
  return bytes.subarray(0, end);
}

function decode(decoder: HpackDecoder, hex: string): string | undefined {
  const bytes = Buffer.from(hex, "hex");
  return decoder.decode(bytes, 0, bytes.length, []);
}

describe("HPACK, the examples of RFC 7541 appendix C", () => {
  it("C.2: single representations", () => {
    decodeAll(4096, [
      ["400a 6375 7374 6f6d 2d6b 6579 0d63 7573 746f 6d2d 6865 6164 6572", "custom-key custom-header", 55],
    ]);
    decodeAll(4096, [["040c 2f73 616d 706c 652f 7061 7468", ":path /sample/path", 0]]);
    decodeAll(4096, [["1008 7061 7373 776f 7264 0673 6563 7265 74", "password secret", 0]]);
    decodeAll(4096, [["82", ":method GET", 0]]);
  });

  const requests = [
    [":method GET :scheme http :path / :authority www.example.com", 57],
    [":method GET :scheme http :path / :authority www.example.com cache-control no-cache", 110],
    [":method GET :scheme https :path /index.html :authority www.example.com custom-key custom-value", 164],
  ] as const;

  it("C.3: requests without Huffman", () => {
    decodeAll(4096, [
      ["8286 8441 0f77 7777 2e65 7861 6d70 6c65 2e63 6f6d", ...requests[0]],
      ["8286 84be 5808 6e6f 2d63 6163 6865", ...requests[1]],
      ["8287 85bf 400a 6375 7374 6f6d 2d6b 6579 0c63 7573 746f 6d2d 7661 6c75 65", ...requests[2]],
    ]);
  });

  it("C.4: requests with Huffman, which the encoder writes just so", () => {
    const examples: Example[] = [
      ["8286 8441 8cf1 e3c2 e5f2 3a6b a0ab 90f4 ff", ...requests[0]],
      ["8286 84be 5886 a8eb 1064 9cbf", ...requests[1]],
      ["8287 85bf 4088 25a8 49e9 5ba9 7d7f 8925 a849 e95b b8e8 b4bf", ...requests[2]],
    ];
    decodeAll(4096, examples);
    const encoder = new HpackEncoder();
    for (const [hex, fields] of examples) {
      assert.equal(encode(encoder, fields.split(" "), true).toString("hex"), hex.replaceAll(" ", ""));
    }
  });

  const date = (second: number) => `date Mon, 21 Oct 2013 20:13:${second} GMT`;
  const place = "location https://www.example.com";
  const cookie = "set-cookie foo=ASDJKHQKBZXOQWEOPIUAXQWEOIU; max-age=3600; version=1";
  const responses = [
    [`:status 302 cache-control private ${date(21)} ${place}`, 222],
    [`:status 307 cache-control private ${date(21)} ${place}`, 222],
    [`:status 200 cache-control private ${date(22)} ${place} content-encoding gzip ${cookie}`, 215],
  ] as const;

  it("C.5: responses without Huffman, with eviction", () => {
    decodeAll(256, [
      [
        "4803 3330 3258 0770 7269 7661 7465 611d 4d6f 6e2c 2032 3120 4f63 7420 3230 3133 2032 303a 3133 3a32 3120 474d 546e 1768 7474 7073 3a2f 2f77 7777 2e65 7861 6d70 6c65 2e63 6f6d",
        ...responses[0],
      ],
      ["4803 3330 37c1 c0bf", ...responses[1]],
      [
        "88c1 611d 4d6f 6e2c 2032 3120 4f63 7420 3230 3133 2032 303a 3133 3a32 3220 474d 54c0 5a04 677a 6970 7738 666f 6f3d 4153 444a 4b48 514b 425a 584f 5157 454f 5049 5541 5851 5745 4f49 553b 206d 6178 2d61 6765 3d33 3630 303b 2076 6572 7369 6f6e 3d31",
        ...responses[2],
      ],
    ]);
  });

  it("C.6: responses with Huffman, with eviction", () => {
    decodeAll(256, [
      [
        "4882 6402 5885 aec3 771a 4b61 96d0 7abe 9410 54d4 44a8 2005 9504 0b81 66e0 82a6 2d1b ff6e 919d 29ad 1718 63c7 8f0b 97c8 e9ae 82ae 43d3",
        ...responses[0],
      ],
      ["4883 640e ffc1 c0bf", ...responses[1]],
      [
        "88c1 6196 d07a be94 1054 d444 a820 0595 040b 8166 e084 a62d 1bff c05a 839b d9ab 77ad 94e7 821d d7f2 e6c7 b335 dfdf cd5b 3960 d5af 2708 7f36 72c1 ab27 0fb5 291f 9587 3160 65c0 03ed 4ee5 b106 3d50 07",
        ...responses[2],
      ],
    ]);
  });
});

describe("HPACK", () => {
  const latin1 = fc.string({
    unit: fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code)),
    maxLength: 300,
  });

  it("Huffman: every string comes back", () => {
    fc.assert(
      fc.property(latin1, (text) => {
        const bytes = Buffer.alloc(huffmanLength(text));
        assert.equal(huffmanEncode(text, bytes, 0), bytes.length);
        const back = Buffer.alloc(huffmanDecodedLengthMax(bytes.length));
        const length = huffmanDecode(bytes, 0, bytes.length, back);
        assert.equal(back.latin1Slice(0, length), text);
      }),
    );
  });

  it("Huffman: EOS, padding of a byte and padding that is not ones are refused", () => {
    const target = Buffer.alloc(64);
    for (const hex of ["ffffffff", "ffffffff fc", "1fff", "18", "ff", "fffffffffe"]) {
      const bytes = Buffer.from(hex.replaceAll(" ", ""), "hex");
      assert.equal(huffmanDecode(bytes, 0, bytes.length, target), -1, hex);
    }
    assert.equal(huffmanDecode(Buffer.from("1f", "hex"), 0, 1, target), 1);
  });

  it("what the encoder writes, the decoder reads, whatever the table sizes do", () => {
    const name = fc.constantFrom(":status", "content-type", "x", "grpc-status", "a-long-name-of-a-field");
    const step = fc.record({
      fields: fc.array(fc.tuple(name, fc.oneof(fc.constantFrom("200", "0", "application/grpc"), latin1)), {
        maxLength: 8,
      }),
      index: fc.boolean(),
      resize: fc.option(fc.integer({ min: 0, max: 5000 }), { nil: undefined }),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
        const encoder = new HpackEncoder();
        const decoder = new HpackDecoder(4096, 1 << 24);
        for (const { fields, index, resize } of steps) {
          if (resize !== undefined) encoder.limitTable(resize);
          const flat = fields.flat();
          const bytes = encode(encoder, flat, index);
          const list: string[] = [];
          assert.equal(decoder.decode(bytes, 0, bytes.length, list), undefined);
          assert.deepEqual(list, flat);
          assert.equal(decoder.table.sizeBytes, encoder.table.sizeBytes);
          decoder.table.invariants();
          encoder.table.invariants();
        }
      }),
    );
  });

  it("the decoder survives any bytes", () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 80 }), { maxLength: 6 }), (blocks) => {
        const decoder = new HpackDecoder(4096, 2000);
        for (const block of blocks) {
          decoder.decode(Buffer.from(block), 0, block.length, []);
          decoder.table.invariants();
        }
      }),
      { numRuns: 2000 },
    );
  });

  it("names what breaks a block", () => {
    const of = (hex: string) => decode(new HpackDecoder(4096, 1000), hex);
    assert.equal(of("80"), "index 0");
    assert.equal(of("be"), "index beyond the table");
    assert.equal(of("7e00"), "index beyond the table");
    assert.equal(of("ffffffffffff7f"), "broken integer");
    assert.equal(of("ff"), "broken integer");
    assert.equal(of("40"), "block ends within a field");
    assert.equal(of("4003616263"), "block ends within a field");
    assert.equal(of("40056162"), "block ends within a string");
    assert.equal(of("4081ff00"), "broken Huffman string");
    assert.equal(of("8220"), "table size update inside a block");
    assert.equal(of("3fe21f"), "table size above the limit");
    assert.equal(of("203fe11f82"), undefined);
  });

  it("a list beyond the limit is marked, and the table kept in step", () => {
    const decoder = new HpackDecoder(4096, 100);
    const encoder = new HpackEncoder();
    const first = encode(encoder, ["a", "x".repeat(60), "b", "y".repeat(60)], true);
    const list: string[] = [];
    assert.equal(decoder.decode(first, 0, first.length, list), undefined);
    assert.equal(decoder.tooLarge, true);
    assert.deepEqual(list, ["a", "x".repeat(60)]);
    const second = encode(encoder, ["b", "y".repeat(60)], true);
    assert.equal(second.length, 1);
    list.length = 0;
    decoder.decode(second, 0, 1, list);
    assert.deepEqual(list, ["b", "y".repeat(60)]);
    assert.equal(decoder.tooLarge, false);
  });
});
