echo done > /tmp/answer
