"""More patterns, in the manner of patterns.py: objects made and changed by name, copies, generators that exceptions
pass, awaitables of several kinds, ints at the edges of machine words, tables in loops.
"""

STATEMENTS = [
    # Ints near the limits of tagged and machine words.
    (3, 60, """
$x = {%2 ** 62|2 ** 63|2 ** 64|-2 ** 62|2 ** 61%} {%+|-%} {%1|0|<int>%}
for $i in range({%20|60%}):
    $x = {%$x + $i|$x - 3|$x ^ $i << 60|($x * 3 + $i) & 0xFFFFFFFFFFFFFFFF|($x << 1 ^ $x >> 63) & 0xFFFFFFFFFFFFFFFF|-$x + 1%}
    store int: {%$x >> 60|$x % 1009|$x & 0xFFFF|$x // 2 ** 61|($x & 0x7FFFFFFF) * 2 ** 33 >> 40%}
"""),
    (2, 80, """
$h = 14695981039346656037
for $i in range({%30|60%}):
    $h = ($h ^ ($i & 255)) * 1099511628211 {%& 0xFFFFFFFFFFFFFFFF|% 2 ** 64|& 2 ** 63 - 1%}
store int: {%$h >> 40|$h % 65521%}
"""),
    # A table that grows, shrinks and is walked while it changes hands.
    (2, 90, """
$d, $s = {}, set()
for $i in range(30):
    $k = {%($i * 7) % 11|str($i % 9)|($i % 5, $i % 3)%}
    $d[$k] = $d.{%get($k, 0) + $i|setdefault($k, 2) + 1|pop($k, 1) + $i%}
    {%$s.add($k)|$s ^= {$k}|$s.symmetric_difference_update(($k, $i))%}
    if $i % 7 == 6:
        {%$d.popitem()|$d = dict(reversed(list($d.items())))|$d.update({$k: 1})|$d = {b: a for a, b in $d.items()}%}
    if $k in $s and $k not in $d:
        <body>
store int: len($d) + len($s)
show("table", list($d.items())[:6], len($s))
"""),
]

DEFINITIONS = [
    (80, """
class $C:
    __slots__ = ('a', 'b'{%|, '__dict__'%})
    def __init__(self, a, b):
        self.a = a
        self.b = b
class $D($C):
    __slots__ = {%('c',)|()%}
    def total(self):
        return self.a + getattr(self, 'c', 1) + getattr(self, 'missing', {%2|3%})
def $f(n: int) -> int:
    o = {%$D(n, 2)|$C(n, 2)%}
    for i in range(20):
        try:
            setattr(o, {%'a'|'b'|'c'|'zz'%}, lim(i + n))
            <body>
            del o.{%b|c|a%}
            o.b = i
        except AttributeError as e:
            o.a = lim(o.a + 1) if hasattr(o, 'a') else 5
        n = lim(n + (o.total() if hasattr(o, 'total') else getattr(o, 'b', 7)))
    return n
"""),
    (70, """
class $P:
    def __init__(self, n):
        self.x = n
        self.items = [n, [n + 1]]
        self.me = self
def $f(n: int) -> int:
    o = $P(n)
    for i in range(15):
        vars(o)[{%'x'|'y%d' % (i % 3)%}] = i
        setattr(o, {%'n' + str(i % 4)|'x'%}, i + n)
        <body>
        if i % 6 == 5:
            {%delattr(o, 'x')|vars(o).pop('x', 0)|o.__dict__ = dict(vars(o), x=i)%}
            o.x = i
    return lim(o.x + len(vars(o)) + sum(getattr(o, 'n%d' % k, k) for k in range(4)))
"""),
    (90, """
import copy as $copy
class $N:
    def __init__(self, k, next):
        self.k, self.next = k, next
def $f(n: int) -> int:
    chain = None
    for i in range(8):
        chain = $N([i, (n, i)], chain)
    chain.next.next.back = chain
    for i in range(6):
        other = $copy.{%copy|deepcopy%}(chain)
        other.k[0] += i
        <body>
        if other.next is chain.next:
            n = lim(n + 1)
        if other.next.next.back is other:
            n = lim(n + 10)
        both = $copy.{%deepcopy|copy%}([chain.k, chain.k, {i: other.k}])
        both[0].append(i)
        n = lim(n + len(both[1]) + chain.k[0])
    return n
"""),
    (90, """
def $g(n: int):
    got = 0
    while got < 40:
        try:
            got += (yield got * {%2|3%}) or 1
            if got % 5 == n % 5:
                raise Fault('inside', got)
        except KeyError as e:
            got += len(e.args) + 2
        except Fault:
            if n % 3 == {%0|1|2%}:
                raise
            got += 1
        finally:
            n += 1
def $f(n: int) -> int:
    g = {%$g(n)|(v for v in $g(n))|$g(n % 7)%}
    total = 0
    for i in range(25):
        try:
            total += next(g)
            if i % 4 == 3 and hasattr(g, 'throw'):
                total += g.throw({%KeyError(i)|KeyError|Fault('thrown', i)%})
            <body>
        except StopIteration:
            g = $g(i + n)
        except (KeyError, Fault) as e:
            total += {%1|type(e.__context__).__name__.count('e')%}
            g = $g(i)
    return lim(total)
"""),
    (90, """
import types as $types
class $A:
    def __init__(self, n):
        self.n = n
    def __await__(self):
        if self.n % 3 == 0:
            return self.n
        {%yield from Later(self.n).__await__()|pass%}
        return (yield from $later(self.n).__await__())
async def $later(n):
    return n + 1
@$types.coroutine
def $old(n):
    return (yield from $later(n).__await__()) + 1
async def $items(n):
    for i in range(n):
        yield await $later(i)
async def $main(n):
    total = 0
    for i in range({%12|30%}):
        try:
            total += await {%$later(i)|$old(i)|$A(i)%}
            if i % 5 == n % 5:
                raise Fault('async', i)
        except Fault as e:
            total += e.place
        finally:
            total += 1
    async for v in $items({%5|9%}):
        total += v
    return total + sum([v async for v in $items(4) if v != {%1|2%}])
def $f(n: int) -> int:
    asked, result = drive($main(n), [k % 5 for k in range(90)])
    return lim((result or 0) + len(asked))
"""),
]
