"""Short-lived objects: a ray tracer whose vectors, rays and hits are objects with operators."""
import math


class Vector:
    __slots__ = ("x", "y", "z")

    def __init__(self, x, y, z):
        self.x = x
        self.y = y
        self.z = z

    def __add__(self, other):
        return Vector(self.x + other.x, self.y + other.y, self.z + other.z)

    def __sub__(self, other):
        return Vector(self.x - other.x, self.y - other.y, self.z - other.z)

    def __mul__(self, factor):
        return Vector(self.x * factor, self.y * factor, self.z * factor)

    def dot(self, other):
        return self.x * other.x + self.y * other.y + self.z * other.z

    def normalised(self):
        return self * (1.0 / math.sqrt(self.dot(self)))


class Ray:
    def __init__(self, origin, direction):
        self.origin = origin
        self.direction = direction

    def at(self, t):
        return self.origin + self.direction * t


class Sphere:
    def __init__(self, centre, radius, shine):
        self.centre = centre
        self.radius = radius
        self.shine = shine

    def hit(self, ray):
        offset = ray.origin - self.centre
        b = offset.dot(ray.direction)
        c = offset.dot(offset) - self.radius * self.radius
        under = b * b - c
        if under < 0.0:
            return None
        t = -b - math.sqrt(under)
        return t if t > 1e-6 else None

    def normal(self, point):
        return (point - self.centre).normalised()


class Floor:
    shine = 0.1

    def hit(self, ray):
        if ray.direction.y > -1e-9:
            return None
        return -(ray.origin.y + 1.0) / ray.direction.y

    def normal(self, point):
        return Vector(0.0, 1.0, 0.0)


LIGHT = Vector(-3.0, 5.0, -4.0).normalised()


def nearest(scene, ray):
    best = None
    for thing in scene:
        t = thing.hit(ray)
        if t is not None and (best is None or t < best[0]):
            best = (t, thing)
    return best


def colour(scene, ray, depth):
    found = nearest(scene, ray)
    if found is None:
        return 0.2 + 0.3 * ray.direction.y
    t, thing = found
    point = ray.at(t)
    normal = thing.normal(point)
    light = max(0.0, normal.dot(LIGHT))
    if light > 0.0 and nearest(scene, Ray(point + normal * 1e-4, LIGHT)) is not None:
        light = 0.0
    if depth > 0 and thing.shine > 0.0:
        mirrored = ray.direction - normal * (2.0 * normal.dot(ray.direction))
        light += thing.shine * colour(scene, Ray(point + normal * 1e-4, mirrored), depth - 1)
    return light


def bench():
    scene = [Sphere(Vector(k - 1.5, 0.3 * k - 0.5, 3.0 + k % 2), 0.7, 0.2 * k) for k in range(4)] + [Floor()]
    eye = Vector(0.0, 0.0, -1.0)
    total = 0.0
    size = 70
    for row in range(size):
        for column in range(size):
            direction = Vector(2.0 * column / size - 1.0, 1.0 - 2.0 * row / size, 1.0).normalised()
            total += colour(scene, Ray(eye, direction), 2)
    return round(total, 7)
