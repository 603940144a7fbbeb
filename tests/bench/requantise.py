"""A GGUF file packed as Q4_0 by llama.cpp: `python requantise.py FROM TO`. Started by peers.mjs."""

import sys

import llama_cpp

Q4_0 = 2  # LLAMA_FTYPE_MOSTLY_Q4_0

params = llama_cpp.llama_model_quantize_default_params()
params.ftype = Q4_0
params.allow_requantize = True
failed = llama_cpp.llama_model_quantize(sys.argv[1].encode(), sys.argv[2].encode(), params)
sys.exit(failed)
