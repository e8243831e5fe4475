"""A transformer of the lab in PyTorch's own layers: reads weights, pictures and labels as JSON, and prints the logits, the
smoothed loss, its gradient in every parameter, and the weights after three steps of AdamW. Written from layout.ts alone."""
import json
import sys

import torch
from torch import nn

given = json.load(sys.stdin)
spec, settings = given["spec"], given["settings"]
params = {n: nn.Parameter(torch.tensor(p["data"]).reshape(p["shape"])) for n, p in given["params"].items()}
pictures = torch.tensor(given["pictures"]["data"]).reshape(given["pictures"]["shape"]).permute(0, 3, 1, 2)
labels = torch.tensor(given["labels"])


def matrix(name):  # [in, 1, out] -> [out, in], as PyTorch has it
    return params[name].reshape(-1, params[name].shape[-1]).T


def block(x, name, heads):
    width = x.shape[-1]
    norm = lambda i, v: nn.functional.layer_norm(v, (width,), params[f"{name}.norm{i}.scale"], params[f"{name}.norm{i}.shift"], 1e-6)
    v = norm(1, x)
    bias = params[f"{name}.qkv.bias"]
    inner = bias.shape[0] // 3
    q, k, u = nn.functional.linear(v, matrix(f"{name}.qkv.weight"), bias).split(inner, -1)
    part = lambda t: t.reshape(t.shape[0], t.shape[1], heads, -1).transpose(1, 2)
    scores = part(q) @ part(k).transpose(-1, -2) / (inner // heads) ** 0.5
    mixed = (scores.softmax(-1) @ part(u)).transpose(1, 2).reshape(x.shape[0], x.shape[1], inner)
    x = x + nn.functional.linear(mixed, matrix(f"{name}.proj.weight"), params[f"{name}.proj.bias"])
    hidden = nn.GELU()(nn.functional.linear(norm(2, x), matrix(f"{name}.fc1.weight"), params[f"{name}.fc1.bias"]))
    return x + nn.functional.linear(hidden, matrix(f"{name}.fc2.weight"), params[f"{name}.fc2.bias"])


def logits():
    p = spec["patch"]
    weight = params["patch.weight"]
    kernel = weight.reshape(p, p, weight.shape[1], -1).permute(3, 2, 0, 1)
    x = nn.functional.conv2d(pictures, kernel, params["patch.bias"], stride=p).flatten(2).transpose(1, 2)
    x = x + params["position.token"]
    x = torch.cat([params["class.token"].expand(len(x), 1, -1), x], 1)
    for i, each in enumerate(spec["blocks"], 1):
        x = block(x, f"block{i}", each["heads"])
    x = nn.functional.layer_norm(x, x.shape[-1:], params["norm.scale"], params["norm.shift"], 1e-6)
    return nn.functional.linear(x[:, 0], matrix("head.weight"), params["head.bias"])


def loss():
    return nn.functional.cross_entropy(logits(), labels, label_smoothing=settings["smoothing"])


first = logits()
value = loss()
value.backward()
answer = {
    "logits": first.flatten().tolist(),
    "loss": value.item(),
    "gradients": {n: p.grad.flatten().tolist() for n, p in params.items()},
}
shrinks = lambda name: name.endswith(".weight")
groups = [
    {"params": [p for n, p in params.items() if shrinks(n)], "weight_decay": settings["weightDecay"]},
    {"params": [p for n, p in params.items() if not shrinks(n)], "weight_decay": 0},
]
optimiser = torch.optim.AdamW(groups, lr=settings["learningRate"])
for _ in range(3):
    optimiser.zero_grad()
    loss().backward()
    optimiser.step()
answer["stepped"] = {n: p.flatten().tolist() for n, p in params.items()}
json.dump(answer, sys.stdout)
