# _sha3 and _blake2: digests, their parameters and attributes
import _blake2
import _sha3


def err(f, *args, **kwargs):
    try:
        print(repr(f(*args, **kwargs)))
    except Exception as e:
        print(type(e).__name__ + ":", e)


for name in ("sha3_224", "sha3_256", "sha3_384", "sha3_512"):
    h = getattr(_sha3, name)(b"abc")
    other = h.copy()
    other.update(bytearray(b"x" * 300))
    print(name, h.hexdigest(), other.digest()[:8], h.digest_size, h.block_size, h.name, h._capacity_bits, h._rate_bits, h._suffix)
for name in ("shake_128", "shake_256"):
    h = getattr(_sha3, name)(b"abc")
    print(name, h.hexdigest(5), h.digest(0), len(h.digest(1000)), h.digest_size, h.block_size, h.name)
for cls in (_blake2.blake2b, _blake2.blake2s):
    h = cls(b"abc")
    h.update(b"d" * 500)
    print(cls.__name__, h.hexdigest(), cls(b"a", digest_size=7, key=b"key", salt=b"salt", person=b"me").hexdigest(), h.name, h.digest_size, h.block_size)
    print(cls.SALT_SIZE, cls.PERSON_SIZE, cls.MAX_KEY_SIZE, cls.MAX_DIGEST_SIZE, cls(fanout=2, depth=3, leaf_size=4, node_offset=5, node_depth=1, inner_size=6, last_node=True).hexdigest()[:16])
b = _blake2.blake2b
for kwargs in ({"digest_size": 0}, {"digest_size": 65}, {"key": b"x" * 65}, {"salt": b"x" * 17}, {"person": b"x" * 17}, {"fanout": 256}, {"depth": 0},
               {"leaf_size": 2 ** 32}, {"leaf_size": -1}, {"node_offset": 2 ** 64}, {"node_offset": -1}, {"node_depth": 256}, {"inner_size": 65}):
    err(lambda: b(**kwargs))
err(lambda: b("a"))
err(lambda: _sha3.sha3_256("x"))
err(lambda: _sha3.sha3_256(5))
err(lambda: _sha3.shake_128().digest(-1))
err(lambda: _sha3.shake_128().digest())
err(lambda: _sha3.shake_128().hexdigest(2 ** 30))
err(lambda: _blake2.blake2s(node_offset=2 ** 48))
print(_blake2.BLAKE2B_SALT_SIZE, _blake2.BLAKE2S_MAX_DIGEST_SIZE)
import hashlib
print(hashlib.new("sha3_256", b"q").hexdigest(), hashlib.blake2b(b"q").hexdigest()[:10], hashlib.shake_256(b"q").hexdigest(3))
