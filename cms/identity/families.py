"""The browsers and systems that sign-ins are told apart by."""

from enum import StrEnum


class Browser(StrEnum):
    CHROME = "chrome"
    EDGE = "edge"
    FIREFOX = "firefox"
    OPERA = "opera"
    SAFARI = "safari"
    OTHER = "other"


class System(StrEnum):
    ANDROID = "android"
    IOS = "ios"
    LINUX = "linux"
    MACOS = "macos"
    WINDOWS = "windows"
    OTHER = "other"


NAMES: dict[Browser | System, str] = {
    Browser.CHROME: "Chrome",
    Browser.EDGE: "Edge",
    Browser.FIREFOX: "Firefox",
    Browser.OPERA: "Opera",
    Browser.SAFARI: "Safari",
    Browser.OTHER: "another program",
    System.ANDROID: "Android",
    System.IOS: "iOS",
    System.LINUX: "Linux",
    System.MACOS: "macOS",
    System.WINDOWS: "Windows",
    System.OTHER: "another system",
}
"""As people call them, in English."""
