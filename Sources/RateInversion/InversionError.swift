import Kernel

/// Errors thrown by inversions; every message says what to do.
public enum InversionError: Error, CustomStringConvertible, Equatable {
  case tooFewInterferograms(got: Int, needed: Int, withDEMError: Bool)
  /// The network cannot separate the unknowns.
  case notSeparable(reason: String, remedy: String)
  case settings(faults: [String])
  /// The shape of the stack does not match the network.
  case sizesDiffer(quantity: String, expected: Int, got: Int)
  case coherenceOutOfRange(interferogram: String, pixel: Int, value: Float)
  case noReference(interferogram: String)

  public var description: String {
    switch self {
    case .tooFewInterferograms(let got, let needed, let withDEMError):
      "\(got) interferogram\(got == 1 ? " does" : "s do") not determine "
        + (withDEMError ? "rate and height error" : "a rate") + "; give at least \(needed)"
        + (withDEMError ? ", or estimate the rate alone (\(OptionName.noHeightError))." : ".")
    case .notSeparable(let reason, let remedy):
      "\(reason). \(remedy)"
    case .settings(let faults):
      "the inversion has \(faults.count == 1 ? "a fault" : "\(faults.count) faults"):\n"
        + faults.map { "  \($0)" }.joined(separator: "\n")
    case .sizesDiffer(let quantity, let expected, let got):
      "\(quantity) is \(got) instead of \(expected); give one plane per interferogram, all of "
        + "equal size."
    case .coherenceOutOfRange(let interferogram, let pixel, let value):
      "the coherence of \(interferogram) is \(value) at pixel \(pixel); give values in 0...1 "
        + "(divide 8-bit coherence by 255)."
    case .noReference(let interferogram):
      "the reference pixel has no phase in \(interferogram); choose one that every interferogram "
        + "covers."
    }
  }
}
