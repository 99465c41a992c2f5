let weightsPath = "weights/inception-2015-12-05-pool3.safetensors"
