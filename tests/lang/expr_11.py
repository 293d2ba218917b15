# string literals: escapes, raw, bytes, triple quotes and concatenation
print("a\tb\x41\u0042\U00000043\N{BULLET}\101\
c", r"\n\x", 'a' "b" '''c''', repr("\0\a\b\f\v\r\x7f\x80\xa0\u2028\ud800"))
print(b"\x00\xff\n\101", rb"\x", b'a' b"b", repr('it\'s "q"'), repr("it's"), repr('"'))
print("""line
  two\
 joined""", len("\
"))
print(ascii("h\xe9\u20ac\U0001f600"))
