"""Writes bench/README.md from the JSON lines that the benchmarks print (docs/architecture.md, Benchmarks)."""

import datetime
import json
import pathlib
import platform
import sys


def machine() -> str:
    model = next((line.split(":", 1)[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")), "unknown processor")
    memory = next(int(line.split()[1]) for line in open("/proc/meminfo") if line.startswith("MemTotal")) / 2**20
    cores = sum(1 for line in open("/proc/cpuinfo") if line.startswith("processor"))
    return f"{model}, {cores} cores, {memory:.0f} GiB, {platform.system()} {platform.release()}"


def meets(ratio: float, target: str) -> str:
    if not target:
        return ""
    bound = float(target[2:])
    return "yes" if (ratio >= bound if target.startswith(">=") else ratio <= bound) else "**no**"


def number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


# A measured application's log lines are JSON too.
lines = [json.loads(line) for file in sorted(pathlib.Path(sys.argv[1]).glob("*.jsonl")) for line in file.read_text().splitlines() if line.startswith("{")]
rows = [line for line in lines if "ratio" in line]
print("# Measured figures\n")
print(f"Measured on {datetime.date.today().isoformat()}: {machine()}. Made by `bench/run`; each subject beside its peer in one interleaved run.")
print("Ours, theirs and ratio are medians over the rounds; the spread is the lowest and highest ratio of a round.\n")
print("| figure | ours | peer | ratio | spread | target | met |")
print("|---|---|---|---|---|---|---|")
for row in rows:
    print(f"| {row['what']} ({row['unit']}) | {number(row['ours'])} | {number(row['theirs'])}: {row['peer']} | {row['ratio']:.3f} "
          f"| {row['low']:.3f} to {row['high']:.3f}, {row['rounds']} rounds | {row['target']} | {meets(row['ratio'], row['target'])} |")
notes = pathlib.Path("bench/notes.md")
if notes.exists():
    print()
    print(notes.read_text().rstrip())
