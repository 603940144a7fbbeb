"""How fast llama.cpp runs a GGUF file: `python run_llama.py FILE THREADS PROMPT WRITTEN`, one JSON line of tokens a second.

Started by peers.mjs, which installs `llama-cpp-python` for it.
"""

import json
import sys
import time

from llama_cpp import Llama

path, threads, prompt, written = sys.argv[1], *map(int, sys.argv[2:])
model = Llama(path, n_ctx=1024, n_threads=threads, n_threads_batch=threads, n_batch=512, verbose=False)
tokens = [(index * 7919 + 11) % model.n_vocab() for index in range(prompt)]
read, said = [], []
for _ in range(5):
    model.reset()
    start = time.perf_counter()
    model.eval(tokens)
    read.append(prompt / (time.perf_counter() - start))
    start = time.perf_counter()
    for _ in range(written):
        # Any token costs the same; this is one.
        model.eval([11])
    said.append(written / (time.perf_counter() - start))
print(json.dumps({"prefill": sorted(read)[2], "decode": sorted(said)[2]}))
