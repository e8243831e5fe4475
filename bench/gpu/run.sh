#!/bin/bash
# Measures the lab on this machine's GPU: bash run.sh. By environment: NETS=c4,base TILES=512 BATCH=64 MATMUL=2048 PEERS=0.
cd "$(dirname "$0")" || exit 1
for tool in xz dpkg; do command -v "$tool" >/dev/null || { echo "$tool is missing here"; exit 3; }; done
[ -x node ] || { xz -dc node.xz > node && chmod +x node; }
[ -f dawn.node ] || xz -dc dawn.node.xz > dawn.node
# Where the system has no loader, the one that came along, unpacked here and nowhere else.
if ! ldconfig -p 2>/dev/null | grep -q libvulkan.so.1 && ls ./*.deb >/dev/null 2>&1; then
  [ -d loader ] || for package in ./*.deb; do dpkg -x "$package" loader; done
  export LD_LIBRARY_PATH="$PWD/loader/usr/lib/x86_64-linux-gnu${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"
fi
# In containers NVIDIA's driver is often not where the loader looks.
driver=/usr/local/nvidia/share/vulkan/icd.d/nvidia_icd.json
[ -n "$VK_DRIVER_FILES" ] || [ ! -f $driver ] || export VK_DRIVER_FILES=$driver
exec ./node bench.mjs
