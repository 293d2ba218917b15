"""Patterns of control flow and of calls that random mixing of statements seldom makes; paste.py says how to read them.

A row of STATEMENTS is (weight, cost, text), a row of DEFINITIONS (cost, text): what the text costs besides what the
generator puts into it, in statements executed. A definition's function is `$f`.
"""

STATEMENTS = [
    # Exceptions raised in callees and natives, caught and cleaned up within loops.
    (3, 60, """
for $i in range(24):
    try:
        if $i % {%3|5|7%} == <n>:
            <raise>
        <body>
    except {%Exception|Fault|(ValueError, Fault)|(LookupError, TypeError, Fault)%} as $e:
        store int: len(type($e).__name__) + $i
        <leave>
    except Exception:
        <body>
    finally:
        <body>
"""),
    (3, 120, """
$d = {1: 2, 3: <int>}
for $i in range({%30|60%}):
    try:
        store int: $d[$i & 3] + [5, <int>, 7][$i % {%4|5%}] + int('12x'[:1 + $i % 3])
    except KeyError as $e:
        store int: $e.args[0] + <int>
    except (IndexError, ValueError) as $e:
        store int: len(str($e))
"""),
    (2, 150, """
$log = []
for $i in range(30):
    try:
        try:
            if $i % 4 == 1:
                raise Fault(<str>, $i)
            if $i % 9 == 5:
                <raise>
        finally:
            $log.append($i & 3)
            <body>
    except Fault as $e:
        store int: $e.place + len($log)
    except Exception as $e:
        $log.append(len(str($e)))
    else:
        <body>
store int: sum($log)
"""),
    (2, 90, """
for $i in range(30):
    for $j in range(3):
        try:
            if $j == $i % 4:
                {%continue|break|raise KeyError($j)%}
            if <bool> and $j > 1:
                {%break|continue%}
        except KeyError as $e:
            {%break|continue|pass%}
        finally:
            store int: <int> + $j
    else:
        <body>
"""),
    (1, 60, """
try:
    for $i in range(30):
        try:
            if $i == {%9|21%}:
                raise ValueError(<str>) from {%None|KeyError(3)%}
            <body>
        except ValueError as $e:
            store int: len(repr($e.__cause__)) + $e.__suppress_context__
            raise Fault('again', $i)
except Fault as $e:
    store int: $e.place + len(repr($e.__context__))
"""),
    (1, 60, """
for $i in range(25):
    with Guarded([<int>], {%Fault|ValueError|Exception%}), Guarded([], {%KeyError|None|Fault%}) as $k:
        store int: $k + $i
        if $i % 6 == 2:
            <raise>
        <leave>
"""),
    # Natives that call Python code.
    (3, 80, """
store int: {%sum|max|min%}([<n>, *({%abs|int|lim%}(k) for k in <ints>)])
for $i in range(20):
    store int: sum(<int@int> & 0xff for <x> in range($i)) + {%max|min%}(<ints>, key=lambda v: (v ^ $i) & {%7|0xff%}, default=$i)
    store bool: {%any|all%}(v {%>|<|==%} $i for v in <ints>)
"""),
    (2, 100, """
for $i in range(20):
    let $l ints = sorted(<ints>, key={%lambda v: (v * $i) % 13|lambda v: -v|abs|str|lambda v: (v & 3, v)%}, reverse=<bool>)
    <&str> = '-'.join({%str(v)|repr(v)|hex(v)[:4]%} for v in $l[:5])[:18]
    $l.sort(key=lambda v: v % {%3|10%})
    store int: ($l or [0])[-1]
"""),
    (2, 90, """
for $i in range(20):
    let $l ints = list(map(lambda v, w=$i: (v + w) & 0xffff, filter(lambda v: v {%> 2|& 1|!= $i%}, <ints>)))
    $l += map({%abs|lambda v: v * 2|lambda v: v if v != 3 else 1 // 0%}, [1, $i])
    store int: len($l) + sum(map(lambda a, b: a * b, <ints>[:4], [$i, 2, 3]))
"""),
    (1, 60, """
try:
    for $i in range(30):
        store int: sum({%10 // (v - $i)|[1, 2, 3][v]|int('45z'[:v])%} for v in {%(3, 1, 2)|[1, 2]|range(1, 4)%} if v != $i % 5)
except (ArithmeticError, LookupError, ValueError) as $e:
    store int: len(str($e))
"""),
    (1, 60, """
for $i in range(25):
    let $d dii = dict((k & 7, k + $i) for k in <ints>)
    let $t ints = [*zip(<ints>, range($i))] and [a - b for a, b in zip(<ints>, range($i))]
    store int: len(set(v % 5 for v in $t)) + len(tuple(v for v in $d)) + sum($d[k] for k in $d) + bool(next((v for v in $t if v > $i), 0))
"""),
    # Loops over containers that change.
    (2, 60, """
let $l ints = list(<ints>) + [<int>, 3]
$k = 0
while $k < len($l) and $k < 40: #*15
    $k += 1
    if $l[$k - 1] % {%3|2%} == 1 and len($l) < 30:
        {%$l.append(<int> & 0xff)|$l.insert($k, 2)|$l[$k:$k] = [4, $k]|$l += (6, 8)%}
    elif len($l) > 4:
        {%del $l[0]|$l.pop()|$l.remove($l[-1])|$l[1:3] = []|del $l[::3]%}
    <body>
"""),
    (1, 60, """
let $d dii = dict(<dii>)
try:
    for $i in $d: #*6
        if <bool>:
            {%$d[$i + 100] = 1|$d.pop($i)|$d[$i] = <int> & 0xff|del $d[$i]%}
        store int: len($d) + $i
except RuntimeError as $e:
    <&str> = str($e)[:30]
"""),
    (1, 90, """
$l = [<int> & 0xff, 5, 1.5, <str>[:3], None]
for $i in range(40):
    $l[$i % 5], $l[($i * 2) % 5] = $l[($i * 3) % 5], $l[$i % 5]
    if $i % {%9|13%} == 0:
        $l[{%::2|1:4:2|:3%}] = {%[$i, 'q', 2.5][:len($l[::2])]|($i, 0)|[1, 2, $i]%}
        del $l[5:]
        $l += [0] * (5 - len($l))
    store int: len($l) + ($i if type($l[$i % 5]) is int else 1)
"""),
    (1, 50, """
$b = bytearray(b'abc' * 4)
for $i in range(30):
    $b[$i % len($b)] = (<int> + $i) & 0xff
    $b{%[2:4] = b'xyz'|.append($i)|[::3] = bytes(len($b[::3]))|.extend(bytes([$i, 1]))%}
    del $b[12:]
    store int: $b[0] + bytes($b).find({%b'x'|1%}) + sum($b[-3:])
"""),
    # Closures, star-arguments, locals that go and come, walrus.
    (2, 120, """
def $make(start: int, step=<n7>):
    count = start
    def add(k: int = 1, *more, **named):
        nonlocal count
        count += k * step + len(more) + sum(named.values())
        if not -(1 << 62) < count < (1 << 62):
            count = 1
        return count
    def read():
        return count
    return add, read
$add, $read = $make(<int>)
for $i in range(30):
    store int: $add({%$i|$i, 2|*[$i, 4]|k=$i|$i, z=$i, **{'q': 2}%}) + $read()
    <body>
"""),
    (2, 90, """
def $g(a, b=2, *c, d={%3|'z'|1.5%}, **e):
    return (a, b, c, d, sorted(e.items()))
for $i in range(20):
    $t = {%$g($i)|$g(*range($i % 5 + 1))|$g($i, d=$i, **{'u': 1})|$g(*(1, $i), 7, **dict(d=$i, v=<n>))|$g(a=$i, b=<n>, w=2)%}
    <&str> = plain($t)[:24]
    store int: len($t[2]) + $t[0]
try:
    $g({%|1, a=2|*[], **{}%})
except TypeError as $e:
    store int: len(str($e)) & 0
"""),
    (1, 60, """
for $i in range(30):
    let $v int = <int> + $i
    if $i % 3:
        del $v
    try:
        store int: $v + 1
    except {%NameError|UnboundLocalError%}:
        let $v int = $i
    $w = [$y := $i + 1, $y * 2, ($y := $y ^ 3)]
    while ($y := $y - 5) > 0: #*4
        store int: $y + sum($w)
"""),
    # Numbers at the edges: the machine word, the tagged word, floats without order.
    (3, 70, """
$n = {%(1 << 62) - 20|-(1 << 62) + 15|(1 << 63) - 25|(1 << 61) - 9|-(1 << 63) + 30%}
for $i in range(60):
    $n {%+= 1|-= 1|+= $i|-= $i|= $n + ($i & 1) * 2%}
    store int: {%$n & 0xffff|$n >> 40|($n * 3) % 1000003|($n ^ $i) & 0xff|-$n % 97|~$n & 0xfff|$n // 7 % 1009|hash($n) % 1009%}
    <body>
store bool: $n {%> 1 << 62|== -(1 << 62)|< 0%}
<&str> = str($n)
"""),
    (2, 60, """
$n = {%3|7|-5|1.5|True|1 << 40%}
for $i in range(70):
    $n = $n * {%3|2|-3|7%} {%+ $i|- 1|+ 0.5|+ True%}
    if {%abs($n) > 1 << 70|$i % 23 == 22|type($n) is float and $i > 40%}:
        $n = {%1|$i|0.25|$i * 0.5|True%}
    <body>
<&str> = repr($n)[:20]
"""),
    (2, 60, """
$z = {%0.0|-0.0|INF|-INF|INF - INF|1e308|5e-324%}
for $i in range(40):
    $u = $z {%+ $i|* $i|* -1.0|- $i * 0.5|* 1e10%}
    store bool: {%$u == $u|$u < $z|$u != $z|$z <= $u|not $u%}
    <&str> = {%f'{$u}'|f'{$u:.2f}'|f'{-$u:g}'|repr(-$u)|'%r' % ($u * 0.0)|str($u + $z)|f'{$u:e}'%}
    $z = {%-$z|$z if <bool> else 0.0|$z * 0.5|math.copysign($z, <float>)%}
"""),
    (2, 80, """
$v = {%0|<int> & 0xff%}
for $i in range(80):
    $v = $v + {%1|$i|2%}
    if $i == {%20|25%}:
        $v = $v + {%0.5|1.0%}
    elif $i == {%41|45%}:
        $v = int($v) + (1 << {%61|62|63|70%})
    elif $i == {%60|63%}:
        $v = {%str($v % 7)|[$v]|None|Fault%}
        $v = {%len(repr($v))|len(str($v))%} & 0
    <body>
<&str> = plain($v)
"""),
    # Text.
    (2, 40, """
for $i in range(20):
    <&str> = {%f'{$i:>{<n7>}};{<=str>!r:.8}'|f'{<=int>:,}{$i:<4}{<=bool>!s:^7}'|f'{$i:b}_{<=float>:+.1e}'|f'{<=float> / 7:.{<n>}f}'|f"{f'{$i}' * 2:*^7}"%}
    <&str> = {%'%s %-5d %05d %x' % (<str>[:3], $i, -$i, $i * 17)|'%(a)s/%(b).2f' % dict(a=$i, b=$i / 3)|'{0}{1}{0}'.format($i, <str>[:3])|'{a[1]}{b.real:03}'.format(a=[1, $i], b=$i)|'%c%%%i' % (97 + $i, $i)%}
    store int: len(<str>) + ord(f'{$i}'[-1])
"""),
    # Code made at run time.
    (1, 200, """
$ns = {'k': <int> & 0xfff, 'lim': lim}
exec('\\n'.join([
    "t = 0",
    "for i in range(30):",
    "    t = lim(t * 3 + {%i|k|i * k%}) {%& 0xffffff|%}",
    "    if i == {%17|29%}:",
    "        k = {%k + 0.5|'s'|k + 1|[k]%}",
    "        k = {%len(repr(k))|5%}",
    "def fn(a):",
    "    global t",
    "    for b in range(a):",
    "        t += b ^ a",
    "    return t & 0xffff",
]), $ns)
store int: $ns['t'] + $ns['fn']({%9|14%})
store int: eval('sum(v * k for v in range(9))', $ns)
"""),
    # Classes and their attributes, rewritten while loops run.
    (2, 150, """
class $C:
    count = 0
    scale = {%2|1.5|'s'%}
    def __init__(self, v):
        self.v = v
    def step(self, k):
        $C.count += 1
        self.v = (self.v + k * $C.count) & 0xffffff
        return self.v
    @property
    def both(self):
        return self.v + $C.count
    def __getattr__(self, name):
        if name.startswith('dyn_'):
            return len(name)
        raise AttributeError(name)
$o = $C(<int>)
for $i in range(40):
    store int: $o.step($i) + $o.both + $o.dyn_{%a|abc%}
    if $i == {%15|25%}:
        {%$C.step = lambda self, k: self.v + k|$o.step = lambda k: k * 2|$C.scale = $i|$o.both_ = 1|$C.both = 5|del $C.__getattr__; $C.dyn_a = $C.dyn_abc = 3|$o.dyn_a = 1%}
    <body>
store int: $C.count
"""),
    (2, 150, """
class $K:
    def __init__(self, a, b):
        self.a, self.b = a, b
    def __eq__(self, other):
        return isinstance(other, $K) and self.a == other.a
    def __lt__(self, other):
        return (self.a, self.b) < (other.a, other.b)
    def __hash__(self):
        return hash(self.a)
    def __repr__(self):
        return f'K({self.a},{self.b})'
$l = [$K((k * 7 + <int>) % 5, k) for k in range(9)]
for $i in range(12):
    $l.sort({%|reverse=True|key=lambda o: o.b%})
    store int: $l[0].b + len(set($l)) + ($l.index($K(3, 0)) if $K(3, 0) in $l else 9)
    $d = {o: o.b for o in $l}
    store int: $d.get($K($i % 6, 1), -1) + min($l).b + max($l, key=lambda o: -o.a).b
    $l[$i % 9] = $K($i % 4, $i)
<&str> = repr($l)[:40]
"""),
    (1, 100, """
class $P:
    __slots__ = ('x', 'y')
    def __init__(self, x, y):
        self.x = x
        self.y = y
    def __add__(self, o):
        return $P(self.x + o.x, self.y + o.y)
    def __sub__(self, o):
        return NotImplemented if o is None else $P(self.x - o.x, self.y - o.y)
    def __mul__(self, k):
        return $P(self.x * k, self.y * k)
    __rmul__ = __mul__
    def __iter__(self):
        yield self.x
        yield self.y
    def __bool__(self):
        return self.x != self.y
$p = $P({%1|0.5%}, <float>)
$q = $P(<n>, 2.5)
for $i in range(40):
    $p = {%$p + $q|$p - $q|2 * $q + $p * 0.5|$p * 0.5 + $q%}
    if not $p or {%$i % 9 == 8|abs($p.x) > 1e6%}:
        $p = $P($i, 0.25)
    $x, $y = $p
    <body>
    try:
        $p - {%None|$q|3%}
    except (TypeError, AttributeError) as $e:
        <&str> = str($e)[:12]
<&str> = f'{$p.x:.3g} {$p.y:.3g}'
"""),
    # Other iterators and containers of the library.
    (2, 60, """
from collections import deque, OrderedDict, defaultdict, Counter, namedtuple
import itertools, functools, operator
$q = deque(<ints>, maxlen={%None|5|9%})
$n = defaultdict({%int|list|lambda: 3%})
for $i in range(30):
    $q.{%append|appendleft%}($i)
    if len($q) > {%4|7%}:
        store int: $q.{%pop|popleft%}() + len($q)
    $n[$i % {%3|7%}] {%+= [$i]|+= 1%} if type($n[$i % 7]) is {%list|int%} else $n[0]
    store int: functools.reduce({%operator.add|lambda a, b: a ^ b|max%}, $q, <n>)
    $q.rotate({%1|-2%})
for $a, $b in itertools.{%zip_longest([1, 2, 3], [<int>], fillvalue=0)|product(range(3), repeat=2)|combinations(range(5), 2)|pairwise([3, 1, 2])%}: #*6
    store int: $a - $b
store int: sum(itertools.islice(itertools.{%count(2, 3)|cycle([1, 2])|accumulate(range(20))|chain([1] * 5, range(9))%}, 9)) + len(Counter(<str>)) + sum(Counter(<ints>).values())
"""),
    (1, 60, """
import functools
@functools.lru_cache(maxsize={%None|4|32%})
def $fib(n):
    return n if n < 2 else $fib(n - 1) + $fib(n - 2)
$part = functools.partial(pow, {%2|3%}, mod=<n7>)
for $i in range(20):
    store int: $fib({%$i % 12|11%}) + {%$part($i)|$part(exp=$i) & 3%}
"""),
    # Generators by hand.
    (2, 120, """
def $gen(n: int):
    total = 0
    try:
        for k in range(9):
            try:
                got = yield (total + k) & 0xff
                total += 1 if got is None else got & 7
                <body>
            except {%Fault|ValueError%} as e:
                total += 10
                got = yield -k
            finally:
                total += 1
    except KeyError:
        yield 77
        return total
    finally:
        total += 2
    return -total
for $i in range(8):
    $g = $gen(<int>)
    try:
        store int: next($g) + next($g)
        store int: $g.send($i) + $g.{%throw(Fault('t', 1))|throw(ValueError('v'))|throw(KeyError('k'))|send(3)|throw(ValueError)%}
        store int: sum($g) if $i & 1 else len([v for v in $g])
        next($g)
    except StopIteration as $e:
        store int: $e.value or 0
    except (Fault, ValueError, KeyError) as $e:
        store int: len($e.args)
    finally:
        $g.close()
"""),
    (2, 150, """
def $leaf(n):
    for k in range(n):
        got = yield k
        if got:
            return got * 100
    return n
def $mid(n):
    total = 0
    for k in range(n):
        total += yield from {%$leaf(k)|$leaf(n - k)|iter((k, 1)) and $leaf(2)%}
    try:
        yield from [7, 8]
    finally:
        total += 1
    return total
def $top(n):
    r = yield from $mid(n)
    yield r
$l = []
for $i in range(6):
    $g = $top($i)
    try:
        $l.append(next($g))
        $l.append($g.send({%None|2|$i%}))
        for $v in $g: #*8
            $l.append($v)
    except StopIteration:
        $l.append(-1)
    $g.close()
store int: sum($l) + len($l)
"""),
    (1, 80, """
$e = (({%v * 2|v, v|v - <n>%}) for v in <ints> if v != {%3|0%})
$c = 0
for $v in $e: #*5
    $c += 1
    if $c == {%3|5%}:
        break
store int: $c + len(list($e))
"""),
    # Coroutines.
    (1, 150, """
class $Ctx:
    async def __aenter__(self):
        return await Later(5)
    async def __aexit__(self, kind, value, tb):
        await Later(6)
        return kind is {%Fault|ValueError|KeyError%}
class $Iter:
    def __init__(self, n):
        self.n = n
    def __aiter__(self):
        return self
    async def __anext__(self):
        self.n -= 1
        if self.n < 0:
            raise StopAsyncIteration
        return self.n if self.n % 3 else await Later(self.n)
async def $source(n):
    for k in range(n):
        try:
            yield k + (await Later(k))
        finally:
            n += 1
async def $co(n: int):
    total = 0
    async with $Ctx() as k:
        async for v in $Iter(n % 7):
            total += v
            if v == {%4|9%}:
                raise {%Fault('a', 1)|ValueError('b')|KeyError(2)%}
        <body>
    total += sum([v async for v in $source({%3|n % 5%}) if v % 2 == 0])
    for k in range(12):
        total += await Later(k) if k % 4 == 0 else k
    return total & 0xffff
for $i in range(8):
    try:
        $r = drive($co($i), [k % 5 for k in range(60)])
        store int: ($r[1] or 0) + len($r[0])
    except (Fault, ValueError, KeyError) as $e:
        store int: len(str($e))
"""),
    # Matching in a loop.
    (1, 100, """
$items = [<int> & 7, (1, <n>), [1, 2, <int> & 3], {'k': <n>}, <str>[:2], None, 1.5, ({'a': [1, (2, <n>)]},)]
for $i in range(24):
    match $items[$i % len($items)]:
        case int(v) if v > {%2|5%}:
            store int: v
        case 0 | 1 | 2 | 3 as v:
            store int: v + 10
        case (1, w) | [1, _, w]:
            store int: w if type(w) is int else 5
            {%$items[1] = (1, $i)|pass%}
        case {'k': k, **rest}:
            store int: k + len(rest)
        case ({'a': [1, (2, v)]},):
            store int: v
        case str(s) if s:
            <&str> = s * 2
        case None | float():
            <body>
        case _:
            <body>
"""),
    # Loops inside calls inside loops, and recursion that is caught.
    (1, 700, """
def $down(n):
    return {%$down(n + 1) + 1|[$down(n + 1)]|$down(n=n + 1) or 1%}
try:
    $down(0)
except RecursionError as $e:
    store int: len(type($e).__name__)
"""),
    (1, 60, """
import threading
$lock = threading.{%Lock|RLock%}()
$box = [0, 0]
for $i in range(40):
    with $lock:
        $box[0] += $i
        if $i % 7 == 3:
            {%continue|$box[1] += 1|pass%}
        $box[1] = $box[0] & 0xff
    store int: $box[0] + $lock.acquire({%blocking=False|False%})
    $lock.release()
"""),
]

DEFINITIONS = [
    # Returns out of loops, several levels deep.
    (60, """
def $f(a: int, b: ints) -> int:
    for i in range({%5|40|80%}):
        if i * 7 % 11 == a % {%13|17%}:
            return i + a
        for j in range(4):
            if i + j == a % {%29|61%}:
                return {%i * j|<int>%}
            <body>
            if j > i:
                {%break|continue%}
        else:
            if i % 5 == 4:
                <leave>
    return <int>
"""),
    (60, """
def $f(a: int, s: str = 'qed') -> int:
    k = 0
    while True: #*12
        k += 1
        if k > 12:
            break
        try:
            if k == a % 17:
                return <int>
            <body>
            if k == a % 5:
                continue
        finally:
            a = lim(a + k)
            if k > 11:
                {%break|pass%}
    return {%a|len(s)%}
"""),
    (60, """
def $find(n, want: int) -> int:
    for i in range(n):
        if (i * i + want) % {%7|9%} == 0:
            return i
    return -1
def $f(a: int, b: int = 3) -> int:
    let total int = 0
    for i in range({%6|12%}):
        k = $find(i * 3, a)
        if k < 0:
            continue
        let total int = total + k * b
        with Guarded([]):
            if i == a % 19:
                return total
            <body>
    return total
"""),
    # Loops in inlined functions.
    (300, """
def $inner(n, a: int) -> int:
    let t int = a
    for i in range({%30|60%}):
        let t int = t + i * n
        <body>
        if i > n + {%20|40%}:
            break
    return t
def $middle(n, a: int) -> int:
    let s int = 0
    for j in range(3):
        let s int = s ^ $inner(n + j, a)
    return s
def $f(a: int) -> int:
    return {%$middle(a & 3, a)|$inner(2, $middle(1, a))|lim($middle(a & 7, 1) - $inner(a & 3, a))%}
"""),
    (120, """
def $f(a: int, l: ints) -> int:
    def visit(v: int) -> int:
        nonlocal a
        k = 0
        while k < {%20|40%}: #*30
            k += 1
            a = (a * 3 + v) & 0xffffffff
            if a % 31 == k:
                return k
            <body>
        return -1
    return sum([visit(v) for v in list(l)[:4]]) + a % 7
"""),
    # Recursion: plain, deep, mutual, in methods, through generators and natives.
    (300, """
def $even(n, a):
    return a if n == 0 else $odd(n - 1, lim(a {%+ n|* 3|^ n%}))
def $odd(n, a):
    if n == 0:
        return -a
    return $even(n - 1, a {%- 1|+ 2%})
def $f(a: int) -> int:
    return {%$even(a % 40, 1)|$odd(a % 90 + 30, a)|$even(a % 4, a) - $odd(a % 7, 2)%}
"""),
    (400, """
def $sum(n):
    if n == 0:
        return 0
    return n + $sum(n - 1)
def $acc(n, t=0):
    if n <= 0:
        return t
    return $acc(n - {%1|2%}, t {%+ n|^ n%})
def $f(a: int) -> int:
    return $sum(a % {%30|150%}) + $acc(a % {%50|200%}) {%+ $sum(100)|%}
"""),
    (400, """
def $fib(n):
    if n < 2:
        return n
    return $fib(n - 1) + $fib(n - 2)
def $ack(m, n):
    if m == 0:
        return n + 1
    if n == 0:
        return $ack(m - 1, 1)
    return $ack(m - 1, $ack(m, n - 1))
def $f(a: int) -> int:
    return $fib(a % {%9|11%}) + $ack({%a % 3|1|2%}, a % 4)
"""),
    (300, """
class $Node:
    def __init__(self, v):
        self.v, self.left, self.right = v, None, None
    def insert(self, v):
        if v < self.v:
            if self.left is None:
                self.left = $Node(v)
            else:
                self.left.insert(v)
        elif self.right is None:
            self.right = $Node(v)
        else:
            return self.right.insert(v)
    def total(self):
        return self.v + (self.left.total() if self.left else 0) + (self.right.total() if self.right else 0)
    def __iter__(self):
        if self.left:
            yield from self.left
        yield self.v
        if self.right:
            for v in self.right:
                yield v
    def depth(self):
        return 1 + max([o.depth() for o in (self.left, self.right) if o], default=0)
def $f(a: int, l: ints) -> int:
    root = $Node(a & 15)
    for k in range({%6|14%}):
        root.insert((k * 7 + a) % {%11|23%})
    for v in list(l)[:5]:
        root.insert(v & 31)
    return root.total() * 3 + root.depth() + {%sum(root)|len(list(root))|max(root)|[*root][2]|sum(v for v in root if v & 1)%}
"""),
    (300, """
def $perms(items):
    if len(items) <= 1:
        yield items
        return
    for k in range(len(items)):
        for rest in $perms(items[:k] + items[k + 1:]):
            yield [items[k]] + rest
def $f(a: int) -> int:
    t = 0
    for p in $perms([a & 3, 1, {%2|2, 5%}]):
        t = t * {%3|5%} + p[0] - p[-1]
        if t > (1 << 40):
            return t & 0xffff
    return t
"""),
    (200, """
def $walk(x, d):
    if d <= 0:
        raise Fault('deep', x)
    try:
        if x % 3 == 0:
            return $walk(x // 3, d - 1) + 1
        return {%sum(map(lambda k: $walk(x - k, d - 1), (1, 2)))|sum([$walk(x - 1, d - 1)])|$walk(x - 1, d - 1)%}
    except Fault as e:
        if d > 2:
            raise
        return e.place
    finally:
        x += 1
def $f(a: int) -> int:
    try:
        return $walk(a % {%20|90%}, {%3|5%})
    except Fault as e:
        return -e.place
"""),
    # Exceptions out of several frames with loops.
    (100, """
def $check(v, k):
    if v % {%11|17%} == k:
        raise {%Fault('bad', v)|ValueError(v)|KeyError(v)|IndexError%}
    return v
def $scan(l, k):
    n = 0
    for v in l:
        n += $check(v, k)
    return n
def $f(a: int, l: ints) -> int:
    let n int = 0
    for k in range({%8|20%}):
        try:
            let n int = n + $scan([(v + k) & 0xff for v in list(l)[:6]] + [a & 31], k)
        except {%Exception|(Fault, KeyError)|(ValueError, IndexError)|LookupError%}:
            let n int = n - 1
            <leave>
        except Exception as e:
            let n int = n + len(e.args)
            <body>
        finally:
            n += 1
    return n
"""),
    (80, """
class $Stop(Exception):
    pass
def $f(a: int) -> int:
    try:
        for i in range(20):
            for j in range(20):
                if i * j == a % {%50|90%} + 4:
                    raise $Stop(i, j)
            <body>
    except $Stop as stop:
        i, j = stop.args
        return i * 100 + j
    return -1
"""),
    # Generators inside functions.
    (120, """
def $pairs(n, m):
    for i in range(n):
        for j in range(m):
            if (i + j) % {%3|4%}:
                yield i, j
def $evens(source):
    for i, j in source:
        if not i & 1:
            yield i * 10 + j
def $f(a: int) -> int:
    t = 0
    for v in {%$evens($pairs(6, 4))|(v for v in $evens($pairs(5, 5)) if v != a % 30)|[*$evens($pairs(4, 4))]%}:
        t = (t * 3 + v) & 0xfffffff
        if t % 37 == a % 37:
            return t
        <body>
    return t
"""),
    (100, """
def $f(a: int, b: float = 0.5) -> float:
    let t float = b
    for i in range({%20|50%}):
        if i == a % 23:
            let t float = {%<float>|i%}
        elif i == a % 7:
            t = {%-0.0|INF|1e308 * 10|5%}
        t = {%t * 0.5 + i|t - i / 3|abs(t) + 0.25|t + (i << 55)%}
        if t != t or not -1e15 < t < 1e15:
            t = 1.5
        <body>
    return float(t)
"""),
    # Globals and class attributes that change under loops that read them.
    (100, """
$level = {%1|2.5|'ab'%}
class $Config:
    step = 1
    def read(self):
        return self.step
def $bump(k):
    global $level
    if k % {%13|29%} == 12:
        $level = {%k|0.5|'z'%}
        $Config.step {%= k & 7|= 0.5 if k & 1 else 2|+= 1%}
def $f(a: int) -> int:
    t = 0
    config = $Config()
    for k in range({%15|40%}):
        $bump(a + k)
        t += int({%len(str($level))|config.read() * 2|(config.step * 2)%}) + k
        if k == a % 50:
            config.step = 3
        <body>
    return lim(t)
"""),
]

THREADS = [
    """
import queue
def $consume(jobs, done):
    total = 0
    while True:
        k = jobs.get()
        if k is None:
            break
        for j in range(k % 9):
            total += j * k
    done.put(total)
def $produce(n):
    jobs, done = queue.Queue({%0|2%}), queue.Queue()
    threads = [threading.Thread(target=$consume, args=(jobs, done)) for k in range(3)]
    for t in threads:
        t.start()
    for k in range(n):
        jobs.put(k)
    for t in threads:
        jobs.put(None)
    for t in threads:
        t.join()
    return sum(done.get() for t in threads)
show("queue", $produce({%30|90%}))
""",
    """
$cells = [0] * {%3|8%}
$lock = threading.Lock()
def $move(number):
    for k in range({%40|120%}):
        with $lock:
            a, b = (k * number) % len($cells), (k + number) % len($cells)
            $cells[a] -= k
            $cells[b] += k
    return number
show("moved", in_threads([lambda k=k: $move(k) for k in range(3)]), sum($cells))
""",
    """
$cond = threading.Condition()
$turns = []
def $turn(number, n, of):
    for k in range(n):
        with $cond:
            $cond.wait_for(lambda: len($turns) % of == number)
            $turns.append(number * 100 + k)
            $cond.notify_all()
    return number
show("turns", in_threads([lambda k=k: $turn(k, {%5|12%}, 3) for k in range(3)]), $turns)
""",
    """
$event = threading.Event()
$seen = {}
def $wait(number):
    $event.wait()
    for k in range({%50|100%}):
        $seen[number, k] = $seen.get((number, k - 1), 0) + k
        $seen.setdefault(k & 7, []).append(number)
    return len([v for (a, v) in [key for key in list($seen) if type(key) is tuple] if a == number])
def $start(number):
    $event.set()
    return number
show("event", in_threads([lambda: $wait(1), lambda: $wait(2), lambda: $start(0)]), len($seen), sorted($seen[3]))
""",
    """
import concurrent.futures
def $work(n):
    t = n
    for k in range({%60|200%}):
        t = (t * 5 + k) {%% 1000003|& 0xffff%}
        if t == {%77|500%}:
            raise Fault('met', k)
    return t
def $safely(f):
    try:
        return f.result()
    except Fault as e:
        return -e.place
with concurrent.futures.ThreadPoolExecutor(3) as $pool:
    show("pool", [$safely(f) for f in [$pool.submit($work, k) for k in range(8)]], list($pool.map(lambda v: v * v, range(6))))
""",
    """
$local = threading.local()
$total = [0]
def $own(n):
    $local.v = n
    for k in range({%50|90%}):
        $local.v += k
        $total[0] {%+= 0|= $total[0]%}
    return $local.v
show("local", in_threads([lambda k=k: $own(k) for k in range(4)]), hasattr($local, 'v'))
""",
]
