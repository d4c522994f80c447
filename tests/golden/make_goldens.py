#!/usr/bin/python3
"""Writes the golden files of tests/unit/golden_test.cpp: what PyTorch computes for four small cases.

    apt-get install --no-install-recommends python3-torch python3-numpy
    OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 /usr/bin/python3 tests/golden/make_goldens.py

The tests themselves need no Python: they read the files beside this script, which are in the repository. Run it again only
when a definition changes. All numbers are computed in double precision (reference.py) and stored as float32.

Weights and the custom case's images are not stored: both sides make them from a formula in integers, hash_values() below.
The digits are drawn ones: lenet-lab strokes --train 0 --test 11. They are stored, so that they stay as they are.
Tensors are stored in part: "activation.conv1@37" holds every 37th value, in C order.
"""

import os
import sys

import numpy as np
import torch

import reference as ref

HERE = os.path.dirname(os.path.abspath(__file__))
MARGIN = 1e-6  # no gate, switch or maximum in a golden case is decided by less than this, relative to its layer's largest value

CUSTOM = ("conv 7 3x3 stride 2 padding 1, relu, conv 6 4x4 padding 2, pool 3 stride 2, conv 5 2x2, relu, "
          "dense 11, relu, dense 10")
SMOOTH = ("conv 5 3x3 padding same, tanh, average 2, conv 6 4x4 stride 2 padding 1, sigmoid, average 3 stride 2, "
          "conv 4 3x3 padding same, relu, dense 11, tanh, dense 9, sigmoid, dense 10")
CASES = {
    "wss17": {
        "network": ref.PRESETS["wss17"], "input": (1, 28, 28), "limit": 700,
        "units": ["conv1:3", "conv1:16", "conv2:7", "conv2:26", "fc1:10", "fc1:57", "fc2:0", "fc2:8"],
    },
    "caffe": {
        "network": ref.PRESETS["caffe"], "input": (1, 28, 28), "limit": 400,
        "units": ["conv1:0", "conv2:21", "fc1:22", "fc2:2"],
    },
    "custom": {
        "network": CUSTOM, "input": (3, 19, 17), "limit": 1200,
        "units": ["conv1:0", "conv1:6", "conv2:5", "pool1:1", "conv3:4", "fc1:0", "fc1:6", "fc2:9"],
    },
    "smooth": {
        "network": SMOOTH, "input": (2, 23, 26), "limit": 500,
        "units": ["conv1:0", "conv1:3", "average1:2", "conv2:5", "average2:1", "conv3:1", "conv3:3", "fc1:0", "fc1:6",
                  "fc2:4", "fc3:9"],
    },
}

BLANK = 2  # this digit is wiped out: every pool and every maximum over positions is a tie then, and goes to the first

# Steps of SGD: images first … last - 1 form the minibatch. The middle two leave one layer frozen; it thaws with its momentum
# cleared. One layer has a rate multiplier throughout.
STEPS = [(0, 11, False), (0, 8, True), (3, 11, True), (5, 10, False)]
RATE, MOMENTUM, DECAY = 0.05, 0.9, 0.01
FROZEN, MULTIPLIED, MULTIPLIER = "conv2", "fc1", 0.5


def hash_values(count, salt):
    """count floats in [-0.5, 0.5), multiples of 2^-24: exact in float32."""
    x = np.arange(count, dtype=np.uint64) * 2654435761 + salt
    x &= 0xFFFFFFFF
    for shift, factor in ((16, 0x85EBCA6B), (13, 0xC2B2AE35)):
        x ^= x >> np.uint64(shift)
        x = (x * factor) & 0xFFFFFFFF
    x ^= x >> np.uint64(16)
    return (x >> np.uint64(8)).astype(np.float64) / 2**24 - 0.5


def make_weights(shapes, salt):
    """Parameter k of the network is hash_values(·, salt + k) times 2 · bound; bounds are powers of two."""
    weights = {}
    for k, (name, shape) in enumerate(shapes.items()):
        bound = 1.0
        if name.endswith(".bias"):
            bound = 0.125
        else:
            while bound * bound * np.prod(shape[1:]) > 12:
                bound /= 2
        weights[name] = torch.from_numpy(2 * bound * hash_values(int(np.prod(shape)), salt + k).reshape(shape))
    return weights


def make_images(case):
    """[11, channels, height, width] as the network sees them, and labels."""
    labels = ref.read_idx(os.path.join(HERE, "digits-labels-idx1-ubyte")).astype(np.int64)
    if case["input"] == (1, 28, 28):
        pixels = ref.read_idx(os.path.join(HERE, "digits-images-idx3-ubyte"))[:, None]
        images = (pixels.astype(np.float32) / np.float32(255)).astype(np.float64)
        images[BLANK] = 0
    else:
        shape = (len(labels), *case["input"])
        images = hash_values(int(np.prod(shape)), 999).reshape(shape) + 0.5
    return torch.from_numpy(images), torch.from_numpy(labels)


def prime_from(n):
    while any(n % d == 0 for d in range(2, int(n**0.5) + 1)):
        n += 1
    return n


def store(tensors, limit, name, value):
    flat = value.detach().numpy().reshape(-1)
    stride = 1 if flat.size <= limit else prime_from(-(-flat.size // limit))
    tensors[f"{name}@{stride}"] = flat[::stride]


def first_excited(output, unit):
    """That unit, or the next one that some image excites: another would test nothing."""
    while output[:, unit].max() <= 0:
        unit = (unit + 1) % output.shape[1]
    return unit


def sgd(layers, weights, images, labels, tensors, limit):
    """Four steps with torch.optim.SGD. Returns whether no step was doubtful."""
    leaves = {name: value.clone().requires_grad_(True) for name, value in weights.items()}
    groups = [{"params": [leaf], "lr": RATE * (MULTIPLIER if name.startswith(MULTIPLIED) else 1),
               "weight_decay": 0 if name.endswith(".bias") else DECAY} for name, leaf in leaves.items()]
    optimizer = torch.optim.SGD(groups, lr=RATE, momentum=MOMENTUM)
    clear, was_frozen = True, False
    for first, last, frozen in STEPS:
        for name, leaf in leaves.items():
            if name.startswith(FROZEN):
                leaf.requires_grad_(not frozen)
                leaf.grad = None
                if was_frozen and not frozen:
                    optimizer.state.pop(leaf, None)
        was_frozen = frozen
        x = images[first:last]
        with torch.no_grad():
            clear &= not ref.doubtful(layers, leaves, x, len(layers) - 1, MARGIN).any()
        optimizer.zero_grad(set_to_none=True)
        torch.nn.functional.cross_entropy(ref.forward(layers, leaves, x)[-1], labels[first:last]).backward()
        optimizer.step()
    for name, leaf in leaves.items():
        store(tensors, limit, "trained." + name, leaf)
        store(tensors, limit, "momentum." + name, optimizer.state[leaf]["momentum_buffer"])
    return clear


def make_case(case, salt):
    """The tensors of one case, or None when rounding could decide something."""
    layers = ref.parse_network(case["network"])
    weights = make_weights(ref.parameter_shapes(layers, case["input"]), salt)
    images, labels = make_images(case)
    limit, tensors = case["limit"], {}
    if ref.doubtful(layers, weights, images, len(layers) - 1, MARGIN).any():
        return None
    outputs = ref.forward(layers, weights, images)
    for layer, output in zip(layers, outputs):
        store(tensors, limit, "activation." + layer["name"], output)
    loss, gradients = ref.loss_and_gradients(layers, weights, images, labels)
    store(tensors, limit, "loss", loss)
    for name, gradient in gradients.items():
        store(tensors, limit, "gradient." + name, gradient)
    for text in case["units"]:
        name, unit = text.split(":")
        output = outputs[ref.observed(layers, name)]
        unit = first_excited(output, int(unit))
        if ref.doubtful_peak(output[:, unit].reshape(len(images), -1), MARGIN).any():
            return None
        for mode in ref.MODES:
            pixels = ref.project(layers, weights, images, name, unit, mode)
            store(tensors, limit, f"project.{mode}.{name}.{unit}", pixels)
    if not sgd(layers, weights, images, labels, tensors, limit):
        return None
    return tensors


def main():
    torch.manual_seed(0)
    for name, case in CASES.items():
        for salt in range(1000, 100000, 100):
            tensors = make_case(case, salt)
            if tensors is not None:
                break
        else:
            sys.exit(name + ": every salt leaves something to rounding")
        metadata = {"network": case["network"], "input": ",".join(map(str, case["input"])), "salt": str(salt),
                    "steps": " ".join(f"{first}-{last}-{'frozen' if frozen else 'all'}" for first, last, frozen in STEPS),
                    "rate": str(RATE), "momentum": str(MOMENTUM), "decay": str(DECAY), "frozen": FROZEN,
                    "multiplied": MULTIPLIED, "multiplier": str(MULTIPLIER), "made_with": "PyTorch " + torch.__version__}
        path = os.path.join(HERE, name + ".safetensors")
        ref.write_safetensors(path, tensors, metadata)
        print(f"{name}: salt {salt}, {len(tensors)} tensors, {os.path.getsize(path)} bytes")


if __name__ == "__main__":
    main()
