import Foundation
import InSARPhase
import Kernel
import StackFiles
import TorchCore

/// A sample with its truth, [size x size] each; NaN where there are no data.
package struct PhaseSample: Sendable {
  package var size: Int
  package var wrappedRadians: [Float]
  /// The phase without decorrelation noise, with its turns.
  package var cleanRadians: [Float]
  package var coherence: [Float]

  /// The arrays that a sample must have.
  package static let arrays: [SampleArrayName] = [.wrapped, .unwrapped, .clean, .coherence]

  /// - Parameter arrays: values by name, [size x size].
  /// - Returns: `nil` unless all arrays are there and square.
  package init?(_ arrays: [String: [Float]]) {
    guard let wrapped = arrays["wrapped"], let whole = arrays["unwrapped"],
      let clean = arrays["clean"], let coherence = arrays["coherence"]
    else { return nil }
    size = Int(Double(wrapped.count).squareRoot())
    guard size * size == wrapped.count,
      [whole, clean, coherence].allSatisfy({ $0.count == wrapped.count })
    else { return nil }
    wrappedRadians = wrapped
    self.coherence = coherence
    // The noise of a pair lies within half a turn.
    cleanRadians = Planes.difference(whole, InSARPhase.wrapped(Planes.difference(wrapped, clean)))
  }
}

/// Samples by number. Samples of a recipe never end; those of a dataset begin again.
package struct PhaseSamples: Sendable {
  package let size: Int
  /// For checkpoints: the same identity gives the same samples.
  package let identity: String
  package let count: Int?
  package let sample: @Sendable (Int) throws -> PhaseSample

  package init(
    size: Int, identity: String, count: Int? = nil,
    sample: @escaping @Sendable (Int) throws -> PhaseSample
  ) {
    (self.size, self.identity, self.count, self.sample) = (size, identity, count, sample)
  }
}

/// Samples of a training step, as plain numbers that may be passed between threads.
package struct PhaseBatch: Sendable, Equatable {
  var count: Int
  var size: Int
  /// [count, 3, size, size]: wrapped phase and clean phase in rad, NaN where there are no data, and
  /// coherence.
  var planes: [Float] = []
  /// How each sample is changed.
  var changes: [SampleChange]

  init(_ samples: [PhaseSample], changes: [SampleChange]) {
    count = samples.count
    size = samples.first?.size ?? 0
    self.changes = changes
    planes.reserveCapacity(count * 3 * size * size)
    for sample in samples {
      planes += sample.wrappedRadians + sample.cleanRadians + sample.coherence
    }
  }

  /// The input of a network [count, 5, size, size], and the clean phase [count, 1, size, size] in rad,
  /// 0 where there are no data.
  func tensors() throws -> (input: Tensor, clean: Tensor) {
    let all = try Tensor(planes, shape: [count, 3, size, size])
    let turned = try Tensor.stack(
      changes.enumerated().map { number, change in
        try change.turned(all.narrow(0, from: number, length: 1).squeeze(0))
      })
    func constants(_ value: (SampleChange) -> Float) throws -> Tensor {
      try Tensor(changes.map(value), shape: [count, 1, 1, 1])
    }
    let parts = try turned.split(1, parts: 3)
    let isValid = try parts[0].isFinite() .& parts[1].isFinite()
    let zeros = try Tensor.zeros([count, 1, size, size])
    let valid = try isValid.to(dtype: .float32)
    let (sign, offset) = (try constants(\.sign), try constants(\.offsetRadians))
    func phase(_ plane: Tensor) throws -> Tensor {
      try .choose(isValid, plane, zeros) * sign + offset
    }
    let known = try constants { $0.knowsCoherence ? 1 : 0 } * valid
    let wrapped = try phase(parts[0])
    let coherence = try Tensor.choose(isValid, parts[2], zeros) * known
    return (
      try .concatenate([wrapped.cos() * valid, wrapped.sin() * valid, coherence, known, valid], 1),
      try phase(parts[1]) * valid
    )
  }
}

/// How a training sample is changed, so that a dataset gives more than its samples: a symmetry of the
/// square, the sign, a constant phase, and whether the network is told the coherence.
struct SampleChange: Sendable, Equatable {
  var isTransposed = false
  var flipsRows = false
  var flipsColumns = false
  var sign: Float = 1
  var offsetRadians: Float = 0
  var knowsCoherence = true

  init() {}

  init(_ random: inout CounterRandom, unknownCoherence: Double) {
    let bits = random.integer(below: 16)
    isTransposed = bits & 1 != 0
    flipsRows = bits & 2 != 0
    flipsColumns = bits & 4 != 0
    sign = bits & 8 != 0 ? -1 : 1
    offsetRadians = Float(random.uniform(-Double.pi...Double.pi))
    knowsCoherence = random.uniform() >= unknownCoherence
  }

  /// Planes [C, H, W], H = W, as this symmetry of the square shows them.
  func turned(_ planes: Tensor) throws -> Tensor {
    let flips: [Int] = (flipsRows ? [1] : []) + (flipsColumns ? [2] : [])
    let flipped = try flips.isEmpty ? planes : planes.flip(flips)
    return try isTransposed ? flipped.transpose(1, 2) : flipped
  }
}
