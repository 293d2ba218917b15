# subscripts with slices, tuples and ellipsis reach __getitem__
class G:
    def __getitem__(self, i): return i
g = G()
print(g[1], g[1:2], g[::3], g[1:2, 3], g[...], g[()], g[1,], g[:, None], g[-1:])
a = [1, 2]
print(g[*a], g[*a, 3], g[0, *a])
