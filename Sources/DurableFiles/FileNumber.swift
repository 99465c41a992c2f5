extension Int {
  /// The number with leading zeros, so that file names sort in numerical order: 42 with 5 digits is
  /// `00042`. A longer number keeps all its digits.
  public func zeroPadded(_ digits: Int) -> String {
    let text = String(self)
    return String(repeating: "0", count: Swift.max(0, digits - text.count)) + text
  }
}
