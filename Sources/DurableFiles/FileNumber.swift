extension Int {
  /// The number with leading zeros, so that file names sort by it: 42 is `00042` with 5 digits. A longer
  /// number keeps all of its digits.
  public func zeroPadded(_ digits: Int) -> String {
    let text = String(self)
    return String(repeating: "0", count: Swift.max(0, digits - text.count)) + text
  }
}
