import CVectorRandom
import RunSupport

/// Random numbers by the million, as a function of a key.
///
/// The generators start from the key's first outputs, so that the numbers depend on (seed, streams)
/// alone, not on threads, batches, devices or processors. Buffers are filled in the order of the
/// calls; each call starts at a new block of numbers.
struct VectorRandom {
  private var state = cvr_state()

  init(_ key: CounterRandom) {
    var key = key
    withUnsafeMutableBytes(of: &state.words) { bytes in
      let words = bytes.bindMemory(to: UInt64.self)
      for index in words.indices { words[index] = key.next() }
      // No generator may start from zeros alone.
      for index in words.indices.suffix(8) { words[index] |= 0x1_0000_0001 }
    }
    state.spare = key.next()
  }

  /// Numbers from U(0, 1), both ends excluded.
  mutating func fillUniform(_ buffer: UnsafeMutableBufferPointer<Float>) {
    cvr_uniform(&state, buffer.baseAddress, buffer.count)
  }

  /// Numbers from N(0, 1), none further than 5.77 from 0.
  mutating func fillNormal(_ buffer: UnsafeMutableBufferPointer<Float>) {
    cvr_normal(&state, buffer.baseAddress, buffer.count)
  }

  /// Square roots of numbers from Gamma(`shape`, 1): amplitudes of `shape` looks, 1 or more.
  mutating func fillGammaRoot(_ buffer: UnsafeMutableBufferPointer<Float>, shape: Double) {
    cvr_gamma_root(&state, buffer.baseAddress, buffer.count, shape)
  }
}
