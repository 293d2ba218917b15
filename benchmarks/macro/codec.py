"""Bytes and bytearrays: base 85 by hand, run lengths, a Huffman code and a sliding-window compressor."""

LETTERS = bytes(range(33, 118))


def encode85(data):
    out = bytearray()
    for at in range(0, len(data), 4):
        word = int.from_bytes(data[at:at + 4].ljust(4, b"\0"), "big")
        group = bytearray(5)
        for k in range(4, -1, -1):
            word, digit = divmod(word, 85)
            group[k] = LETTERS[digit]
        out += group
    return bytes(out)


def decode85(text):
    out = bytearray()
    for at in range(0, len(text), 5):
        word = 0
        for c in text[at:at + 5]:
            word = word * 85 + c - 33
        out += word.to_bytes(4, "big")
    return bytes(out)


def compress(data):
    seen = {}
    out = []
    at = 0
    while at < len(data):
        key = data[at:at + 3]
        found = seen.get(key)
        seen[key] = at
        if found is not None and len(key) == 3:
            length = 3
            while at + length < len(data) and length < 60 and data[found + length] == data[at + length]:
                length += 1
            out.append((at - found, length))
            at += length
        else:
            out.append(data[at])
            at += 1
    return out


def expand(items):
    out = bytearray()
    for item in items:
        if isinstance(item, tuple):
            distance, length = item
            for _ in range(length):
                out.append(out[-distance])
        else:
            out.append(item)
    return bytes(out)


def huffman(data):
    counts = {}
    for b in data:
        counts[b] = counts.get(b, 0) + 1
    queue = sorted((n, b, None) for b, n in counts.items())
    serial = 256
    while len(queue) > 1:
        left, right = queue.pop(0), queue.pop(0)
        fresh = (left[0] + right[0], serial, (left, right))
        serial += 1
        at = 0
        while at < len(queue) and queue[at][:2] < fresh[:2]:
            at += 1
        queue.insert(at, fresh)
    codes = {}

    def walk(node, prefix):
        if node[2] is None:
            codes[node[1]] = prefix
        else:
            walk(node[2][0], prefix + "0")
            walk(node[2][1], prefix + "1")
    walk(queue[0], "")
    return codes


def bench():
    state, words = 5, []
    for _ in range(11000):
        state = (state * 69069 + 1) & 0xFFFFFFFF
        words.append(b"%x" % (state >> 24))
    data = b" ".join(words) + b"  "
    data += b"\0" * (-len(data) % 4)
    text = encode85(data)
    assert decode85(text) == data
    items = compress(data)
    assert expand(items) == data
    codes = huffman(data)
    bits = "".join([codes[b] for b in data])
    return len(text) * 1000003 + len(items) * 1009 + len(bits) + sum(text)
