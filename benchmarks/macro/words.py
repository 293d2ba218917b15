"""String and dict work: tokens of a generated text, counted, joined, formatted."""

SYLLABLES = ["ka", "lo", "mi", "ne", "ru", "sa", "to", "vi", "zu", "pe"]


def text(n):
    words = []
    state = 12345
    for _ in range(n):
        state = (state * 1103515245 + 12345) % 2147483648
        words.append(SYLLABLES[state % 10] + SYLLABLES[state // 16 % 10] + ("s" if state % 3 == 0 else ""))
    return " ".join(words)


def bench():
    source = text(60000)
    counts = {}
    for word in source.split():
        word = word.strip("s").upper()
        counts[word] = counts.get(word, 0) + 1
    lines = []
    for word, n in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
        lines.append(f"{word:<8}{n:>6d}" + "%5.1f%%" % (100.0 * n / 60000))
    report = "\n".join(lines)
    return len(report) + report.count("K") + report.find("ZU") + len(report.replace("A", "--"))
