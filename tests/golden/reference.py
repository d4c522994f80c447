"""LeNet Lab's arithmetic once more, in PyTorch, from the definitions and in double precision: what the engine is held against.

It shares no code with src/nn. Networks are the descriptions that the engine reads ("conv 20 5x5, relu, pool 2, dense 10").
Needs Debian's python3-torch and python3-numpy. Used by make_goldens.py, make_trained.py and compare_dump.py.
"""

import json
import re

import numpy as np
import torch
import torch.nn.functional as F

PRESETS = {
    "wss17": "conv 20 5x5, relu, pool 2, conv 50 5x5, relu, pool 2, dense 500, relu, dense 10",
    "caffe": "conv 20 5x5, pool 2, conv 50 5x5, pool 2, dense 500, relu, dense 10",
    "lenet5": "conv 6 5x5 padding 2, tanh, average 2, conv 16 5x5, tanh, average 2, conv 120 5x5, tanh, dense 84, tanh, dense 10",
    "tiny": "conv 4 5x5, relu, pool 2, conv 8 5x5, relu, pool 2, dense 10",
}
MODES = ("deconv", "gradient", "guided")


def parse_network(text):
    """A list of layers: dicts with name, kind, and outputs, kernel, stride, padding where they apply."""
    layers, counts = [], {}
    names = {"dense": "fc"}  # the others are called as they are written
    for part in text.split(","):
        words = part.split()
        layer = {"kind": words[0], "stride": 1, "padding": 0}
        if words[0] in ("conv", "dense"):
            layer["outputs"] = int(words[1])
        if words[0] in ("conv", "pool", "average"):
            layer["kernel"] = int(words[2 if words[0] == "conv" else 1].split("x")[0])
        if words[0] in ("pool", "average"):
            layer["stride"] = layer["kernel"]
        for option in ("stride", "padding"):
            found = re.search(option + r" (\d+)", part)
            if found:
                layer[option] = int(found.group(1))
        if "padding same" in part:
            layer["padding"] = layer["kernel"] // 2
        counts[words[0]] = counts.get(words[0], 0) + 1
        layer["name"] = names.get(words[0], words[0]) + str(counts[words[0]])
        layers.append(layer)
    return layers


def parameter_shapes(layers, input_shape):
    """PyTorch's names and shapes, in order."""
    shapes, x = {}, torch.zeros((1, *input_shape), dtype=torch.float64)
    for layer in layers:
        if layer["kind"] == "conv":
            shapes[layer["name"] + ".weight"] = (layer["outputs"], x.shape[1], layer["kernel"], layer["kernel"])
        elif layer["kind"] == "dense":
            shapes[layer["name"] + ".weight"] = (layer["outputs"], x[0].numel())
        if "outputs" in layer:
            shapes[layer["name"] + ".bias"] = (layer["outputs"],)
        weights = {name: torch.zeros(shape, dtype=torch.float64) for name, shape in shapes.items()}
        x = apply_layer(layer, weights, x)
    return shapes


def apply_layer(layer, weights, x):
    if layer["kind"] == "conv":
        return F.conv2d(x, weights[layer["name"] + ".weight"], weights[layer["name"] + ".bias"], layer["stride"], layer["padding"])
    if layer["kind"] == "pool":
        return F.max_pool2d(x, layer["kernel"], layer["stride"])
    if layer["kind"] == "relu":
        return F.relu(x)
    if layer["kind"] == "average":
        return F.avg_pool2d(x, layer["kernel"], layer["stride"])
    if layer["kind"] in ("tanh", "sigmoid"):
        return getattr(torch, layer["kind"])(x)
    return F.linear(x.flatten(1), weights[layer["name"] + ".weight"], weights[layer["name"] + ".bias"])


def forward(layers, weights, images):
    """The outputs of all layers, in order."""
    outputs = []
    for layer in layers:
        outputs.append(apply_layer(layer, weights, outputs[-1] if outputs else images))
    return outputs


def loss_and_gradients(layers, weights, images, labels):
    leaves = {name: value.clone().requires_grad_(True) for name, value in weights.items()}
    loss = F.cross_entropy(forward(layers, leaves, images)[-1], labels)
    loss.backward()
    return loss.detach(), {name: leaf.grad for name, leaf in leaves.items()}


def observed(layers, name):
    """Index of the layer whose output is looked at when `name` is named: the ReLU, tanh or sigmoid behind it, else itself."""
    i = [layer["name"] for layer in layers].index(name)
    return i + 1 if i + 1 < len(layers) and layers[i + 1]["kind"] in ("relu", "tanh", "sigmoid") else i


def project(layers, weights, images, name, unit, mode):
    """[n, channels, height, width]: per image, the unit's strongest activation taken back to the pixels."""
    last = observed(layers, name)
    if mode == "deconv":
        return project_deconv(layers[: last + 1], weights, images, unit)
    x = pixels = images.clone().requires_grad_(True)
    for layer in layers[: last + 1]:
        x = apply_layer(layer, weights, x)
        if mode == "guided" and layer["kind"] == "relu":
            x.register_hook(lambda g: g.clamp(min=0))  # on top of the gate that ReLU's own backward pass applies
    # max() of a flat view: the gradient must reach one place only, the first of equals.
    peaks = x[:, unit].reshape(len(x), -1)
    peaks.gather(1, first_maximum(peaks)).sum().backward()
    return pixels.grad


def first_maximum(rows):
    """Index of each row's first maximum, [n, 1] (torch.max promises no order among equals)."""
    rows = rows.detach()
    is_max = rows == rows.max(dim=1, keepdim=True).values
    return torch.from_numpy(is_max.numpy().argmax(axis=1)).unsqueeze(1)


def project_deconv(layers, weights, images, unit):
    """Zeiler & Fergus: unpool with the switches, rectify the signal, filter with the transposed kernels; no bias.

    Our choices: an average pool is transposed as the conv that it is, tanh and sigmoid leave the signal as it is.
    """
    inputs, switches, x = [], [], images
    for layer in layers:
        inputs.append(x)
        switches.append(F.max_pool2d(x, layer["kernel"], layer["stride"], return_indices=True)[1] if layer["kind"] == "pool" else None)
        x = apply_layer(layer, weights, x)
    signal = torch.zeros_like(x)
    rows = x[:, unit].reshape(len(x), -1)
    place = first_maximum(rows)
    signal[:, unit] = torch.zeros_like(rows).scatter(1, place, rows.gather(1, place)).reshape(x[:, unit].shape)
    for layer, before, switch in reversed(list(zip(layers, inputs, switches))):
        if layer["kind"] == "relu":
            signal = signal.clamp(min=0)
        elif layer["kind"] == "pool":
            signal = unpool(signal, switch, layer, before.shape)
        elif layer["kind"] == "conv":
            signal = transposed(signal, weights[layer["name"] + ".weight"], layer, before.shape, 1)
        elif layer["kind"] == "average":
            maps, side = before.shape[1], layer["kernel"]
            mean = torch.full((maps, 1, side, side), 1 / side**2, dtype=signal.dtype)
            signal = transposed(signal, mean, layer, before.shape, maps)
        elif layer["kind"] == "dense":
            signal = (signal @ weights[layer["name"] + ".weight"]).reshape(before.shape)
    return signal


def transposed(signal, weight, layer, shape, groups):
    extra = [(shape[d] + 2 * layer["padding"] - layer["kernel"]) % layer["stride"] for d in (2, 3)]
    return F.conv_transpose2d(signal, weight, None, layer["stride"], layer["padding"], extra, groups)


def unpool(signal, switch, layer, shape):
    if layer["stride"] >= layer["kernel"]:
        return F.max_unpool2d(signal, switch, layer["kernel"], layer["stride"], output_size=shape[2:])
    flat = torch.zeros(shape, dtype=signal.dtype).flatten(2)  # overlapping windows add up
    return flat.scatter_add(2, switch.flatten(2), signal.flatten(2)).reshape(shape)


def doubtful(layers, weights, images, last, margin):
    """[n] bool: in which images a ReLU, a pool or the final maximum is decided by less than margin times the layer's largest
    value, so that rounding may decide otherwise. Exact ties (from constant input) are no doubt: they go to the first."""
    doubt = torch.zeros(images.shape[0], dtype=torch.bool)
    x = images
    for layer in layers[: last + 1]:
        near = margin * x.abs().max()
        if layer["kind"] == "relu":
            doubt |= (x.abs().flatten(1) < near).any(1)
        elif layer["kind"] == "pool":
            windows = F.unfold(x.flatten(0, 1).unsqueeze(1), layer["kernel"], stride=layer["stride"])
            gaps = windows.max(1, keepdim=True).values - windows
            doubt |= ((gaps > 0) & (gaps < near)).flatten(1).any(1).reshape(x.shape[0], -1).any(1)
        x = apply_layer(layer, weights, x)
    return doubt


def doubtful_peak(rows, margin):
    """[n] bool: whether a row's maximum is nearly reached elsewhere."""
    gaps = rows.max(1, keepdim=True).values - rows
    return ((gaps > 0) & (gaps < margin * rows.abs().max())).any(1)


def read_safetensors(path):
    """name → float64 tensor, and the metadata."""
    with open(path, "rb") as file:
        header = json.loads(file.read(int.from_bytes(file.read(8), "little")))
        body = file.read()
    metadata = header.pop("__metadata__", {})
    tensors = {}
    for name, entry in header.items():
        assert entry["dtype"] == "F32", name
        begin, end = entry["data_offsets"]
        tensors[name] = torch.from_numpy(np.frombuffer(body[begin:end], "<f4").reshape(entry["shape"]).astype(np.float64))
    return tensors, metadata


def write_safetensors(path, tensors, metadata):
    header, blobs, offset = {"__metadata__": metadata}, [], 0
    for name, value in tensors.items():
        blob = np.ascontiguousarray(value, dtype="<f4").tobytes()
        header[name] = {"dtype": "F32", "shape": list(np.shape(value)), "data_offsets": [offset, offset + len(blob)]}
        blobs.append(blob)
        offset += len(blob)
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(len(text).to_bytes(8, "little") + text + b"".join(blobs))


def read_idx(path):
    with open(path, "rb") as file:
        data = file.read()
    dimensions = data[3]
    shape = [int.from_bytes(data[4 + 4 * i : 8 + 4 * i], "big") for i in range(dimensions)]
    return np.frombuffer(data, np.uint8, offset=4 + 4 * dimensions).reshape(shape)
