"""Bit tricks with masks: SHA-256 by hand, a xorshift generator, a table-driven cyclic redundancy check, a block cipher."""

MASK = 0xFFFFFFFF


def roots(n):
    """The first 32 bits of the fractional parts of the cube and square roots of primes, by integers."""
    found, k = [], 2
    while len(found) < n:
        if all(k % p for p in found):
            found.append(k)
        k += 1

    def root(value, power):
        low, high = 0, 1 << 48
        while low < high:
            middle = (low + high + 1) >> 1
            if middle ** power <= value:
                low = middle
            else:
                high = middle - 1
        return low
    return [root(p << 96, 3) & MASK for p in found], [root(p << 64, 2) & MASK for p in found[:8]]


ROUND, START = roots(64)


def sha256(data):
    state = list(START)
    data = data + b"\x80" + b"\0" * ((55 - len(data)) % 64) + (len(data) * 8).to_bytes(8, "big")
    for block in range(0, len(data), 64):
        w = [int.from_bytes(data[k:k + 4], "big") for k in range(block, block + 64, 4)]
        for k in range(16, 64):
            x, y = w[k - 15], w[k - 2]
            s0 = ((x >> 7) | (x << 25)) ^ ((x >> 18) | (x << 14)) ^ (x >> 3)
            s1 = ((y >> 17) | (y << 15)) ^ ((y >> 19) | (y << 13)) ^ (y >> 10)
            w.append((w[k - 16] + (s0 & MASK) + w[k - 7] + (s1 & MASK)) & MASK)
        a, b, c, d, e, f, g, h = state
        for k in range(64):
            s1 = (((e >> 6) | (e << 26)) ^ ((e >> 11) | (e << 21)) ^ ((e >> 25) | (e << 7))) & MASK
            t1 = (h + s1 + ((e & f) ^ (~e & g)) + ROUND[k] + w[k]) & MASK
            s0 = (((a >> 2) | (a << 30)) ^ ((a >> 13) | (a << 19)) ^ ((a >> 22) | (a << 10))) & MASK
            h, g, f, e, d, c, b, a = g, f, e, (d + t1) & MASK, c, b, a, (t1 + s0 + ((a & b) ^ (a & c) ^ (b & c))) & MASK
        state = [(x + y) & MASK for x, y in zip(state, (a, b, c, d, e, f, g, h))]
    return "".join("%08x" % x for x in state)


def xorshift(n):
    x, total = 88172645463325252, 0
    for _ in range(n):
        x ^= (x << 13) & 0xFFFFFFFFFFFFFFFF
        x ^= x >> 7
        x ^= (x << 17) & 0xFFFFFFFFFFFFFFFF
        total ^= x
    return total


def crc_table():
    table = []
    for n in range(256):
        for _ in range(8):
            n = (n >> 1) ^ 0xEDB88320 if n & 1 else n >> 1
        table.append(n)
    return table


def crc(data, table):
    value = MASK
    for byte in data:
        value = table[(value ^ byte) & 255] ^ (value >> 8)
    return value ^ MASK


def cipher(block, key, table):
    block = list(block)
    for turn in range(10):
        for i in range(16):
            block[i] ^= key[(i + turn) & 15]
        block = [table[b] & 255 for b in block]
        for i in range(0, 16, 4):
            a, b, c, d = block[i:i + 4]
            block[i:i + 4] = [(a << 1) & 255 ^ b, (b << 1) & 255 ^ c ^ (b >> 7), (c << 1) & 255 ^ d, (d << 1) & 255 ^ a]
    return block


def bench():
    message = bytes(range(256)) * 10
    table = crc_table()
    block = list(range(16))
    for _ in range(350):
        block = cipher(block, list(range(100, 116)), table)
    digest = sha256(message)
    assert sha256(b"abc").startswith("ba7816bf")
    return "%s %d %d %d" % (digest[:16], xorshift(50000), crc(message * 8, table), sum(block))
