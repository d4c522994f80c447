#!/usr/bin/python3
"""Writes trained.safetensors for tests/unit/golden_seeded_run_test.cpp: PyTorch's projections through a trained network.

    apt-get install --no-install-recommends python3-torch python3-numpy
    OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 /usr/bin/python3 tests/golden/make_trained.py build/native-release/lenet-lab

The network is that of seeded-run.json ("long"): lenet-lab trains it here and writes its weights, the unit test trains it
itself. Training is exact, so both have the same bits; their hash is stored, so that a run that drifted is told from a wrong
projection. PyTorch gets the float weights and projects in double precision (reference.py, which shares no code with the
engine).

Images are digits of digits-images-idx3-ubyte. One whose forward pass has a ReLU or a pool anywhere that is decided by less
than MARGIN of its layer's largest value is passed over: there a float may rightly decide otherwise. Of the others the first
IMAGES are taken, and of their units those are left out whose strongest activation is decided so, or is less than FAINT of its
layer's largest value: a deconvnet's picture is that activation's multiple, and what is left of a sum that nearly cancels has
lost so many of a float's digits. Both are counted, printed and stored.

Stored per rule and layer: [image][unit][sample], pixel (unit + image) mod S + i S for i = 0, 1, … ("deconv.conv1@S"), and
"largest.deconv.conv1", [image][unit], the largest |value| of the whole projection, which the tolerance refers to.
"""

import json
import os
import subprocess
import sys
import tempfile

import numpy as np
import torch

import reference as ref

HERE = os.path.dirname(os.path.abspath(__file__))
MARGIN = 1e-5
FAINT = 1e-2
IMAGES = 5
STRIDES = {"conv1": 11, "conv2": 19, "fc1": 19, "fc2": 19}
FC1_UNITS = 10


def trained(program, run):
    """The weights that the program trains, its name for the network, and the hash that it prints."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "weights.safetensors")
        printed = subprocess.run(
            [program, "train", "--dataset", run["dataset"], "--preset", run["preset"], "--seed", str(run["seed"]),
             "--batch", str(run["batch"]), "--rate", str(run["rate"]), "--momentum", str(run["momentum"]),
             "--decay", str(run["decay"]), "--steps", str(run["long"]["steps"]), "--out", path, "--hash", "--quiet"],
            check=True, capture_output=True, text=True).stdout
        weights, metadata = ref.read_safetensors(path)
    return weights, metadata["network"], printed.rsplit("hash: ", 1)[1].split()[0]


def clear_images(layers, weights):
    """Index and pixels of the first IMAGES digits without a doubt, and how many were passed over."""
    pixels = ref.read_idx(os.path.join(HERE, "digits-images-idx3-ubyte"))[:, None]
    images = torch.from_numpy((pixels.astype(np.float32) / np.float32(255)).astype(np.float64))
    # One at a time: the largest values are each image's own.
    doubts = [bool(ref.doubtful(layers, weights, image[None], len(layers) - 1, MARGIN)[0]) for image in images]
    chosen = [i for i, doubt in enumerate(doubts) if not doubt][:IMAGES]
    assert len(chosen) == IMAGES, "too few digits without a doubt"
    return chosen, images[chosen], sum(doubts[: chosen[-1]])


def chosen_units(outputs, layers, name):
    output = outputs[ref.observed(layers, name)].flatten(2) if name.startswith("conv") else outputs[ref.observed(layers, name)]
    if name != "fc1":
        return list(range(output.shape[1]))
    excited = [u for u in range(output.shape[1]) if (output[:, u] > 0).all()]  # the others project nothing but zeros
    return excited[:: max(1, len(excited) // FC1_UNITS)][:FC1_UNITS]


def main():
    with open(os.path.join(HERE, "seeded-run.json")) as file:
        run = json.load(file)
    weights, network, found = trained(sys.argv[1], run)
    assert found == run["long"]["hash"], f"this program's run has the hash {found}, not the one in seeded-run.json"
    layers = ref.parse_network(network)
    chosen, images, passed_over = clear_images(layers, weights)
    outputs = ref.forward(layers, weights, images)
    tensors, left_out, units_of, cases = {}, [], {}, 0
    for name, stride in STRIDES.items():
        units = units_of[name] = chosen_units(outputs, layers, name)
        for unit in units:
            output = outputs[ref.observed(layers, name)]
            rows = output[:, unit].reshape(IMAGES, -1)
            for image in range(IMAGES):
                peak = rows[image].max()
                faint = peak != 0 and abs(peak) < FAINT * output[image].abs().max()
                if faint or ref.doubtful_peak(rows[image : image + 1], MARGIN)[0]:
                    left_out.append(f"{name}:{unit}:{image}")
        for mode in ref.MODES:
            samples, largest = [[] for _ in chosen], [[] for _ in chosen]
            for unit in units:
                pixels = ref.project(layers, weights, images, name, unit, mode).detach().numpy().reshape(IMAGES, -1)
                for image in range(IMAGES):
                    first = (unit + image) % stride
                    samples[image].append(pixels[image, first::stride][: pixels.shape[1] // stride])
                    largest[image].append(np.abs(pixels[image]).max())
                    cases += 1
            tensors[f"{mode}.{name}@{stride}"] = np.array(samples)
            tensors[f"largest.{mode}.{name}"] = np.array(largest)
    metadata = {"hash": found, "steps": str(run["long"]["steps"]), "images": " ".join(map(str, chosen)),
                "images_passed_over": str(passed_over), "left_out": " ".join(left_out), "left_out_count": str(len(left_out)),
                "margin": str(MARGIN), "made_with": "PyTorch " + torch.__version__}
    metadata |= {"units." + name: " ".join(map(str, units)) for name, units in units_of.items()}
    path = os.path.join(HERE, "trained.safetensors")
    ref.write_safetensors(path, tensors, metadata)
    print(f"images {chosen}, {passed_over} passed over; {cases} projections of {sum(map(len, units_of.values()))} units; "
          f"{len(left_out)} units of an image left out {left_out}; {os.path.getsize(path)} bytes")


if __name__ == "__main__":
    main()
