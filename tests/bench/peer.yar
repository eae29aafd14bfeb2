// SPDX-License-Identifier: MIT
// What YARA is asked for when it runs beside infscan: strings that the built-in
// rules look for as well, in files of either encoding.
rule commands_of_setup { strings: $ = "RunPreSetupCommands" nocase ascii wide $ = "RunPostSetupCommands" nocase ascii wide condition: any of them }
rule registers_libraries { strings: $ = /(un)?registerdlls[ \t]*=/ nocase ascii wide $ = /(un)?registerocxs[ \t]*=/ nocase ascii wide condition: any of them }
rule default_install { strings: $ = /\[defaultinstall(\.[a-z0-9.]{1,24})?\]/ nocase ascii wide condition: any of them }
rule scriptlet { strings: $ = "scrobj.dll" nocase ascii wide $ = /\.(sct|wsc)\b/ nocase ascii wide condition: any of them }
rule powershell { strings: $ = "powershell" nocase ascii wide $ = "pwsh" nocase ascii wide fullword condition: any of them }
rule powershell_hides { strings: $ = /-w(indowstyle)?[ \t]+(hidden|1)\b/ nocase ascii wide $ = /-(ep|ex[a-z]*)[ \t]+bypass/ nocase ascii wide $ = /-e(nc[a-z]*)?[ \t]+[a-z0-9+\/]{24,}/ nocase ascii wide condition: any of them }
rule downloads { strings: $ = "DownloadString" nocase ascii wide $ = "DownloadFile" nocase ascii wide $ = "Invoke-WebRequest" nocase ascii wide $ = "bitsadmin" nocase ascii wide $ = /certutil(\.exe)?[^\r\n]{1,40}-urlcache/ nocase ascii wide condition: any of them }
rule runs_text { strings: $ = /\biex\b/ nocase ascii wide $ = "Invoke-Expression" nocase ascii wide $ = "FromBase64String" nocase ascii wide condition: any of them }
rule programs { strings: $ = "mshta" nocase ascii wide fullword $ = "regsvr32" nocase ascii wide fullword $ = "rundll32" nocase ascii wide fullword $ = "wscript" nocase ascii wide fullword $ = "cscript" nocase ascii wide fullword $ = "schtasks" nocase ascii wide fullword $ = "wmic" nocase ascii wide fullword $ = "msbuild" nocase ascii wide fullword condition: any of them }
rule starts_by_itself { strings: $ = /currentversion\\run(once)?(ex)?/ nocase ascii wide $ = "Winlogon" nocase ascii wide $ = "Image File Execution Options" nocase ascii wide $ = "AppInit_DLLs" nocase ascii wide $ = "StubPath" nocase ascii wide condition: any of them }
rule weakens { strings: $ = "DisableAntiSpyware" nocase ascii wide $ = "DisableRealtimeMonitoring" nocase ascii wide $ = "EnableLUA" nocase ascii wide $ = /windows defender\\exclusions/ nocase ascii wide condition: any of them }
rule addresses { strings: $ = /https?:\/\/[a-z0-9.-]{4,}(:[0-9]{1,5})?\/[^\s"']{1,80}/ nocase ascii wide condition: any of them }
