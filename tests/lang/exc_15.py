# SystemExit with a text is status 1
raise SystemExit("a message for stderr")
