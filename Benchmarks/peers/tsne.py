"""openTSNE with its defaults: `tsne.py DATA.npy OUT.npy METHOD THREADS`, METHOD bh, fft or auto."""

import sys

import numpy
import openTSNE

data = numpy.load(sys.argv[1])
embedding = openTSNE.TSNE(negative_gradient_method=sys.argv[3], n_jobs=int(sys.argv[4]), random_state=0).fit(data)
numpy.save(sys.argv[2], numpy.asarray(embedding, dtype=numpy.float32))
