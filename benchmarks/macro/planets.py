"""Float attributes: a small gravitational system, leapfrog steps."""


class Body:
    def __init__(self, x, y, z, vx, vy, vz, mass):
        self.x = x
        self.y = y
        self.z = z
        self.vx = vx
        self.vy = vy
        self.vz = vz
        self.mass = mass


def system():
    bodies = [Body(0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 40.0)]
    for k in range(1, 6):
        bodies.append(Body(k * 1.7, 0.3 * k, 0.1 * k, 0.05 * k, 4.0 / k, 0.02 * k, 0.01 * k))
    return bodies


def advance(bodies, dt, steps):
    for _ in range(steps):
        for i, a in enumerate(bodies):
            for b in bodies[i + 1:]:
                dx = a.x - b.x
                dy = a.y - b.y
                dz = a.z - b.z
                squared = dx * dx + dy * dy + dz * dz + 0.01
                force = dt / (squared * squared ** 0.5)
                a.vx -= dx * b.mass * force
                a.vy -= dy * b.mass * force
                a.vz -= dz * b.mass * force
                b.vx += dx * a.mass * force
                b.vy += dy * a.mass * force
                b.vz += dz * a.mass * force
        for b in bodies:
            b.x += dt * b.vx
            b.y += dt * b.vy
            b.z += dt * b.vz


def bench():
    bodies = system()
    advance(bodies, 0.001, 4000)
    return round(sum(b.x * b.mass for b in bodies), 9)
