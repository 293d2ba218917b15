# _random, _bisect, _heapq, digests, _string, gc, _contextvars.
import _random,_bisect,_heapq,_md5,_sha1,_sha256,_sha512,_string,gc,_contextvars
r=_random.Random(42); print([r.random() for _ in range(3)], [r.getrandbits(k) for k in (1,32,33,100,0)])
s=r.getstate(); a=[r.random() for _ in range(700)]; r.setstate(s); print(a==[r.random() for _ in range(700)], len(s))
r.seed(2**100+7); print(r.random()); r.seed(-5); print(r.getrandbits(64)); r.seed('x'.__class__ and 3.5); print(r.random())
l=[1,3,5,7]; _bisect.insort_right(l,4); print(l,_bisect.bisect_left(l,5),_bisect.bisect_right(l,5,0,2), _bisect.bisect_right(l,-3,key=lambda v:-v))
h=[5,3,8,1,9,2]; _heapq.heapify(h); print(h); _heapq.heappush(h,0); print([_heapq.heappop(h) for _ in range(7)])
h=[5,3,8,1]; _heapq._heapify_max(h); print(h,_heapq._heappop_max(h),_heapq.heappushpop([2,3],1),_heapq.heapreplace([2,3],9))
try: _heapq.heappop([])
except IndexError as e: print(e)
for m,n in ((_md5,'md5'),(_sha1,'sha1'),(_sha256,'sha224'),(_sha256,'sha256'),(_sha512,'sha384'),(_sha512,'sha512')):
    o=getattr(m,n)(b'abc'); p=o.copy(); o.update(b'x'*200); print(n,o.hexdigest(),p.hexdigest()[:8],o.name,o.digest_size,o.block_size,len(o.digest()))
try: _md5.md5('x')
except TypeError as e: print(e)
print(list(_string.formatter_parser('a{b!r:>{w}}c{{d}}{x[0].y}')))
f,rest=_string.formatter_field_name_split('0.a[1][k]'); print(f,list(rest))
print(gc.isenabled(), gc.collect()>=0, gc.get_threshold(), gc.is_tracked([]), gc.is_tracked(1))
v=_contextvars.ContextVar('v',default=1); t=v.set(5); c=_contextvars.copy_context(); print(v.get(), t.old_value, c[v], len(c)); v.reset(t); print(v.get(), c.run(v.get)); print(c.run(lambda: (v.set(9), v.get())[1]), c[v], v.get())
