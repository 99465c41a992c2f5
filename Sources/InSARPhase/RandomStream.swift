/// First stream number of everything here that is drawn: fields of one seed never share numbers.
enum RandomStream {
  static let baselines: UInt64 = 1
  static let heightError: UInt64 = 2
  static let turbulence: UInt64 = 3
  static let stratification: UInt64 = 4
  static let orbitalRamp: UInt64 = 5
  static let decorrelation: UInt64 = 6
  static let sample: UInt64 = 7
  static let pointSource: UInt64 = 8
}
