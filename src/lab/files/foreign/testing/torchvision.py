"""Networks by torchvision's names, of a few channels each: checkpoints as safetensors, the same as ONNX, and what they answer to
some pictures. The modules are written after torchvision.models (0.14), which Debian does not have; only the widths are others."""
import json
import struct
import sys

import torch
from torch import nn

torch.manual_seed(3)
folder = sys.argv[1]


def vgg(plan, normed, side, hidden, classes):
    layers, channels = [], 3
    for v in plan:
        if v == "M":
            layers.append(nn.MaxPool2d(2, 2))
            continue
        layers.append(nn.Conv2d(channels, v, 3, padding=1))
        if normed:
            layers.append(nn.BatchNorm2d(v))
        layers.append(nn.ReLU(inplace=True))
        channels = v

    class VGG(nn.Module):
        def __init__(self):
            super().__init__()
            self.features = nn.Sequential(*layers)
            self.avgpool = nn.AdaptiveAvgPool2d((side, side))
            self.classifier = nn.Sequential(
                nn.Linear(channels * side * side, hidden), nn.ReLU(True), nn.Dropout(),
                nn.Linear(hidden, hidden), nn.ReLU(True), nn.Dropout(), nn.Linear(hidden, classes))

        def forward(self, x):
            return self.classifier(torch.flatten(self.avgpool(self.features(x)), 1))

    return VGG()


class Basic(nn.Module):
    expansion = 1

    def __init__(self, inputs, planes, stride, downsample):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, planes, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(planes)
        self.relu = nn.ReLU(inplace=True)
        self.conv2 = nn.Conv2d(planes, planes, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(planes)
        self.downsample = downsample

    def forward(self, x):
        beside = x if self.downsample is None else self.downsample(x)
        return self.relu(self.bn2(self.conv2(self.relu(self.bn1(self.conv1(x))))) + beside)


class Bottleneck(nn.Module):
    expansion = 4

    def __init__(self, inputs, planes, stride, downsample):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, planes, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(planes)
        self.conv2 = nn.Conv2d(planes, planes, 3, stride, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(planes)
        self.conv3 = nn.Conv2d(planes, 4 * planes, 1, bias=False)
        self.bn3 = nn.BatchNorm2d(4 * planes)
        self.relu = nn.ReLU(inplace=True)
        self.downsample = downsample

    def forward(self, x):
        beside = x if self.downsample is None else self.downsample(x)
        y = self.relu(self.bn1(self.conv1(x)))
        y = self.relu(self.bn2(self.conv2(y)))
        return self.relu(self.bn3(self.conv3(y)) + beside)


class ResNet(nn.Module):
    def __init__(self, block, counts, width, classes):
        super().__init__()
        self.inputs = width
        self.conv1 = nn.Conv2d(3, width, 7, 2, 3, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.relu = nn.ReLU(inplace=True)
        self.maxpool = nn.MaxPool2d(3, 2, 1)
        for i, count in enumerate(counts):
            setattr(self, f"layer{i + 1}", self.stage(block, width * 2**i, count, 1 if i == 0 else 2))
        self.avgpool = nn.AdaptiveAvgPool2d((1, 1))
        self.fc = nn.Linear(self.inputs, classes)

    def stage(self, block, planes, count, stride):
        outputs = planes * block.expansion
        downsample = None
        if stride != 1 or self.inputs != outputs:
            downsample = nn.Sequential(nn.Conv2d(self.inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs))
        layers = [block(self.inputs, planes, stride, downsample)]
        self.inputs = outputs
        layers += [block(outputs, planes, 1, None) for _ in range(1, count)]
        return nn.Sequential(*layers)

    def forward(self, x):
        x = self.maxpool(self.relu(self.bn1(self.conv1(x))))
        x = self.layer4(self.layer3(self.layer2(self.layer1(x))))
        return self.fc(torch.flatten(self.avgpool(x), 1))


def active(inputs, outputs, kernel=3, stride=1, groups=1):
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, kernel, stride, (kernel - 1) // 2, groups=groups, bias=False),
        nn.BatchNorm2d(outputs), nn.ReLU6(inplace=True))


class Inverted(nn.Module):
    def __init__(self, inputs, outputs, stride, expansion):
        super().__init__()
        wide = inputs * expansion
        self.adds = stride == 1 and inputs == outputs
        layers = [active(inputs, wide, 1)] if expansion != 1 else []
        layers += [active(wide, wide, 3, stride, wide), nn.Conv2d(wide, outputs, 1, bias=False), nn.BatchNorm2d(outputs)]
        self.conv = nn.Sequential(*layers)

    def forward(self, x):
        return x + self.conv(x) if self.adds else self.conv(x)


class MobileNetV2(nn.Module):
    def __init__(self, share, last, classes):
        super().__init__()
        of = lambda c: max(2, int(c * share))
        features, inputs = [active(3, of(32), 3, 2)], of(32)
        for t, c, n, s in [(1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1)]:
            for i in range(n):
                features.append(Inverted(inputs, of(c), s if i == 0 else 1, t))
                inputs = of(c)
        features.append(active(inputs, last, 1))
        self.features = nn.Sequential(*features)
        self.classifier = nn.Sequential(nn.Dropout(0.2), nn.Linear(last, classes))

    def forward(self, x):
        x = nn.functional.adaptive_avg_pool2d(self.features(x), (1, 1))
        return self.classifier(torch.flatten(x, 1))


class Counted(nn.Module):
    """A sequence that flattens by the size of the batch, as many do."""

    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(3, 6, 5, stride=2, padding=2), nn.ReLU(), nn.Conv2d(6, 8, 3, padding=0), nn.BatchNorm2d(8),
            nn.ReLU(), nn.AvgPool2d(2))
        self.head = nn.Linear(8 * 7 * 7, 5)

    def forward(self, x):
        x = self.body(x)
        return torch.softmax(self.head(x.view(x.size(0), -1)), 1)


def shaken(net):
    """Norms as after some training: nothing holds only because they are at their start."""
    for module in net.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.weight.data = 0.6 + 0.8 * torch.rand_like(module.weight)
            module.bias.data = 0.3 * torch.randn_like(module.bias)
            module.running_mean = 0.2 * torch.randn_like(module.running_mean)
            module.running_var = 0.5 + torch.rand_like(module.running_var)
    return net.eval()


def save(name, tensors):
    header, parts, at = {}, [], 0
    for key, value in tensors.items():
        kind = {torch.float32: "F32", torch.int64: "I64"}[value.dtype]
        raw = value.contiguous().numpy().tobytes()
        header[key] = {"dtype": kind, "shape": list(value.shape), "data_offsets": [at, at + len(raw)]}
        parts.append(raw)
        at += len(raw)
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(f"{folder}/{name}.safetensors", "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + b"".join(parts))


NETS = {
    "vgg": (vgg([6, "M", 8, 8, "M", 10, "M", 12, "M", 12, "M"], False, 7, 20, 5), 32),
    "vgg_bn": (vgg([6, 6, "M", 8, "M"], True, 4, 16, 5), 32),
    "resnet18": (ResNet(Basic, [2, 2, 2, 2], 8, 5), 64),
    "resnet50": (ResNet(Bottleneck, [1, 2, 1, 1], 4, 5), 64),
    "mobilenet_v2": (MobileNetV2(0.2, 40, 5), 64),
    "counted": (Counted(), 32),
}
answers = {}
for name, (net, size) in NETS.items():
    net = shaken(net)
    x = torch.randn(4, 3, size, size)
    with torch.no_grad():
        answers[name] = {"size": size, "input": x.permute(0, 2, 3, 1).flatten().tolist(), "logits": net(x).flatten().tolist()}
    save(name, net.state_dict())
    if name == "vgg":
        continue  # Its 7x7 averages of a map of one position have no form in ONNX.
    torch.onnx.export(net, x, f"{folder}/{name}.onnx", opset_version=13, input_names=["input"], output_names=["logits"],
                      dynamic_axes={"input": {0: "N"}, "logits": {0: "N"}})
json.dump(answers, sys.stdout)
