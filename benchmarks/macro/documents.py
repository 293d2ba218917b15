"""Strings: a serialiser and parser of nested data, a template filler with every way of formatting, escaping."""


def dump(value, out):
    if value is None:
        out.append("null")
    elif value is True:
        out.append("true")
    elif value is False:
        out.append("false")
    elif isinstance(value, str):
        out.append('"' + value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"')
    elif isinstance(value, (int, float)):
        out.append(repr(value))
    elif isinstance(value, dict):
        out.append("{")
        for n, (key, item) in enumerate(value.items()):
            if n:
                out.append(", ")
            dump(key, out)
            out.append(": ")
            dump(item, out)
        out.append("}")
    else:
        out.append("[")
        for n, item in enumerate(value):
            if n:
                out.append(", ")
            dump(item, out)
        out.append("]")


class Parser:
    def __init__(self, text):
        self.text = text
        self.at = 0

    def skip(self):
        while self.at < len(self.text) and self.text[self.at] in " \t\n":
            self.at += 1

    def value(self):
        self.skip()
        c = self.text[self.at]
        if c == "{":
            return self.mapping()
        if c == "[":
            return self.sequence()
        if c == '"':
            return self.string()
        for word, meaning in (("null", None), ("true", True), ("false", False)):
            if self.text.startswith(word, self.at):
                self.at += len(word)
                return meaning
        return self.number()

    def expect(self, c):
        self.skip()
        if self.text[self.at] != c:
            raise ValueError("expected %r at %d" % (c, self.at))
        self.at += 1

    def mapping(self):
        found = {}
        self.expect("{")
        self.skip()
        while self.text[self.at] != "}":
            if found:
                self.expect(",")
                self.skip()
            key = self.string()
            self.expect(":")
            found[key] = self.value()
            self.skip()
        self.at += 1
        return found

    def sequence(self):
        found = []
        self.expect("[")
        self.skip()
        while self.text[self.at] != "]":
            if found:
                self.expect(",")
            found.append(self.value())
            self.skip()
        self.at += 1
        return found

    def string(self):
        self.expect('"')
        parts = []
        start = self.at
        while True:
            c = self.text[self.at]
            if c == '"':
                parts.append(self.text[start:self.at])
                self.at += 1
                return "".join(parts)
            if c == "\\":
                parts.append(self.text[start:self.at])
                follows = self.text[self.at + 1]
                parts.append("\n" if follows == "n" else follows)
                self.at += 2
                start = self.at
            else:
                self.at += 1

    def number(self):
        start = self.at
        while self.at < len(self.text) and self.text[self.at] in "+-.0123456789e":
            self.at += 1
        word = self.text[start:self.at]
        return float(word) if "." in word or "e" in word else int(word)


def record(i):
    return {"id": i, "name": "item \"%d\"" % i, "tags": ["t%d" % k for k in range(i % 4)], "price": i * 1.25, "none": None,
            "nested": {"left": [i, [i + 1, {"deep": i % 3 == 0}]], "note": "line one\nline \\ two"}}


def page(records):
    rows = []
    for r in records:
        cells = [f"<td>{r['id']:>5}</td>", "<td>%-16s</td>" % r["name"][:16], "<td>{:,.2f}</td>".format(r["price"])]
        cells.append("<td>" + ", ".join(sorted(t.upper() for t in r["tags"])) + "</td>")
        rows.append("<tr>" + "".join(cells).replace('"', "&quot;") + "</tr>")
    return "\n".join(rows)


def bench():
    records = [record(i) for i in range(650)]
    out = []
    dump(records, out)
    text = "".join(out)
    back = Parser(text).value()
    assert back == records
    html = page(back)
    return len(text) * 1009 + len(html) + html.count("&quot;") + sum(map(ord, html[::7]))
