import CPhaseLoops
import Kernel

/// Generates many random numbers from a key.
///
/// The generators are seeded with the first outputs of the key, so that the numbers depend only on
/// the seed and the stream, not on threads, batches, devices or processors. Buffers are filled in
/// the order of calls; each call starts at a new block of numbers.
struct VectorRandom {
  private var state = cpl_random()

  init(_ key: CounterRandom) {
    var key = key
    withUnsafeMutableBytes(of: &state.words) { bytes in
      let words = bytes.bindMemory(to: UInt64.self)
      for index in words.indices { words[index] = key.next() }
      // A generator must not start with only zeros.
      for index in words.indices.suffix(8) { words[index] |= 0x1_0000_0001 }
    }
  }

  /// Numbers from U(0, 1), both ends excluded.
  mutating func fillUniform(_ buffer: UnsafeMutableBufferPointer<Float>) {
    cpl_uniform(&state, buffer.baseAddress, buffer.count)
  }

  /// Numbers from N(0, 1), with magnitudes of at most 5.77.
  mutating func fillNormal(_ buffer: UnsafeMutableBufferPointer<Float>) {
    cpl_normal(&state, buffer.baseAddress, buffer.count)
  }

  /// The corner [rows, columns] of a Gaussian field; see `cpl_field`. False if memory is exhausted.
  mutating func fillField(
    _ buffer: UnsafeMutablePointer<Float>, rows: Int, columns: Int, down: FieldTransform,
    across: FieldTransform, factors: [Float]
  ) -> Bool {
    cpl_field(&state, down.plan, across.plan, factors, buffer, rows, columns)
  }

  /// Replaces each coherence by phase noise of `looks` averaged looks (at least 1).
  mutating func replaceByPhaseNoise(
    _ coherence: UnsafeMutableBufferPointer<Float>, looks: Double
  ) {
    cpl_phase_noise(&state, looks, coherence.baseAddress, coherence.count)
  }
}

/// Tables for Fourier transforms of one length, in single precision.
///
/// `@unchecked Sendable` because nothing changes after `init`; the loops only read it.
final class FieldTransform: @unchecked Sendable {
  let plan: OpaquePointer

  /// - Throws: `InSARPhaseError.outOfMemory`.
  init(length: Int) throws {
    guard let plan = cpl_transform_make(length) else {
      throw InSARPhaseError.outOfMemory(purpose: "Fourier transforms of \(length) numbers")
    }
    self.plan = plan
  }

  deinit { cpl_transform_free(plan) }
}
