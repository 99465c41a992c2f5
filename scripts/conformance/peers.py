"""Features and distances as other tools compute them, with the given weights.

Usage: peers.py fid|clean WEIGHTS FOLDER_A FOLDER_B OUT.npz
       peers.py save WEIGHTS ZIP.pth LEGACY.pth
Both tools download their network; here its constructor is handed the same tensors instead.
"""

import resource
import sys
import time

import numpy as np
import torch
from safetensors.torch import load_file


def inception(weights):
    """pytorch-fid's own network with these tensors (gains of batch normalization are 1)."""
    from pytorch_fid import inception as module

    if weights.endswith(".safetensors"):
        state = load_file(weights)
        for name in [n for n in state if n.endswith(".bn.bias")]:
            state[name[: -len("bias")] + "weight"] = torch.ones_like(state[name])
        state["fc.weight"] = torch.zeros(1008, 2048)
        state["fc.bias"] = torch.zeros(1008)
    else:
        state = torch.load(weights, weights_only=True)
    module.load_state_dict_from_url = lambda *_, **__: state
    return module


def save(weights, zipped, legacy):
    """The state_dict of pytorch-fid's network, as the published .pth holds it: with the gains, the
    counters and the classifier, in the layout of today and in that from before PyTorch 1.6."""
    network = inception(weights).fid_inception_v3()
    torch.save(network.state_dict(), zipped)
    torch.save(network.state_dict(), legacy, _use_new_zipfile_serialization=False)


def fid_features(weights, folder):
    import pathlib

    from pytorch_fid.fid_score import get_activations

    module = inception(weights)
    model = module.InceptionV3([module.InceptionV3.BLOCK_INDEX_BY_DIM[2048]])
    files = sorted(pathlib.Path(folder).glob("*.png"))
    return get_activations(files, model, batch_size=50, dims=2048, device="cpu", num_workers=0)


def clean_features(weights, folder):
    from cleanfid import fid

    module = inception(weights)
    model = module.InceptionV3(
        [module.InceptionV3.BLOCK_INDEX_BY_DIM[2048]], resize_input=False, normalize_input=False
    ).eval()

    def features(batch):
        return model((batch - 128) / 128)[0].flatten(1)

    return fid.get_folder_features(
        folder, features, num_workers=0, batch_size=50, device=torch.device("cpu"), mode="clean"
    )


def main():
    if sys.argv[1] == "save":
        save(*sys.argv[2:])
        return
    mode, weights, folder_a, folder_b, output = sys.argv[1:]
    if mode == "fid":
        from pytorch_fid.fid_score import calculate_frechet_distance as distance

        take = fid_features
    else:
        from cleanfid.fid import frechet_distance as distance

        take = clean_features
    a, b = take(weights, folder_a), take(weights, folder_b)
    sums = [(np.mean(x, axis=0), np.cov(x, rowvar=False)) for x in (a, b)]
    start, cpu = time.time(), time.process_time()
    value = distance(*sums[0], *sums[1])
    step = (time.time() - start, time.process_time() - cpu)
    used = resource.getrusage(resource.RUSAGE_SELF)
    np.savez(
        output,
        a=a,
        b=b,
        fid=value,
        step_wall=step[0],
        step_cpu=step[1],
        cpu=used.ru_utime + used.ru_stime,
    )


if __name__ == "__main__":
    main()
