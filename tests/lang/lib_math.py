# math: every function at the edges.
import math
from math import *
for f in (acos,acosh,asin,asinh,atan,atanh,cbrt,cos,cosh,erf,erfc,exp,exp2,expm1,fabs,gamma,lgamma,log1p,sin,sinh,sqrt,tan,tanh,log,log2,log10,floor,ceil,trunc,frexp,modf,degrees,ulp):
    for x in (0.0,-0.0,0.5,-0.5,1,1.5,-1.5,3.7,25.3,-25.3,171.5,-171.5,1e300,inf,-inf,nan,1e-300,10**400):
        try: r=repr(f(x))
        except Exception as e: r=type(e).__name__+': '+str(e)
        print(f.__name__, str(x)[:10], r)
for f in (atan2,fmod,pow,remainder,copysign,nextafter,hypot):
    for x in (0.0,-0.0,1.5,-2.5,inf,-inf,nan,7):
        for y in (0.0,-0.0,1.5,-2.5,inf,-inf,nan,3):
            try: r=repr(f(x,y))
            except Exception as e: r=type(e).__name__+': '+str(e)
            print(f.__name__,x,y,r)
print(fsum([.1]*10), fsum([1e100,1,-1e100,1e-100]), dist((1,2,3),(4,6,9)), hypot(3,4,12), hypot())
print(gcd(12,18,-30), lcm(4,6), gcd(), lcm(), gcd(10**40,15**20), isqrt(10**41), factorial(50), comb(50,20), comb(100,50), perm(10,3), perm(5), prod([1,2,3.5]), comb(10**20,3))
print(log(10**1000), log(8,2), log2(2**5000), log10(10**500), isclose(1,1+1e-10), isclose(1,1.1,abs_tol=.2))
for c in ('factorial(-1)','factorial(2.0)','isqrt(-1)','comb(-1,2)','perm(3,-1)','floor("a")','trunc("a")','sqrt("x")','log(0)','log(-5)','ldexp(1,2000)','ldexp(1.5,3)','ldexp(1,2.0)','dist([1],[1,2])','fsum([inf,-inf])','fsum([1e308,1e308])','log(2,1)','isclose(1,2,rel_tol=-1)','pow(0,-1)','gamma(-3)','gcd(1.5)','e,pi,tau,inf,nan'):
    try: print(c, eval(c))
    except Exception as ex: print(c, type(ex).__name__, ex)
