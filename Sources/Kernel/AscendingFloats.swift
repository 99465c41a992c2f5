extension Array where Element == Float {
  /// The same values in ascending order, as `sorted()` gives them. None may be NaN.
  package consuming func ascending() -> [Float] {
    var values = self
    values.sortAscending()
    return values
  }

  /// Sorts as `sort()` does, in a time that only grows with the number of values: statistics of whole scenes
  /// need their values in order. None may be NaN.
  ///
  /// Least significant digit first, 11 bits at a time. Source: Knuth, The Art of Computer Programming 3, 5.2.5.
  package mutating func sortAscending() {
    // -0 and 0 are equal, so their order is that of the input; a bit pattern has one before the other.
    guard count > 4096, !contains(where: { $0 == 0 && $0.sign == .minus }) else {
      sort()
      return
    }
    withUnsafeMutableBytes { bytes in
      let keys = bytes.bindMemory(to: UInt32.self)
      for index in keys.indices {
        let bits = keys[index]
        keys[index] = bits & 0x8000_0000 == 0 ? bits | 0x8000_0000 : ~bits
      }
      withUnsafeTemporaryAllocation(of: UInt32.self, capacity: keys.count) { scratch in
        Self.pass(from: UnsafeBufferPointer(keys), to: scratch, shift: 0)
        Self.pass(from: UnsafeBufferPointer(scratch), to: keys, shift: 11)
        Self.pass(from: UnsafeBufferPointer(keys), to: scratch, shift: 22)
        for index in keys.indices {
          let key = scratch[index]
          keys[index] = key & 0x8000_0000 == 0 ? ~key : key & 0x7fff_ffff
        }
      }
      _ = bytes.bindMemory(to: Float.self)
    }
  }

  private static func pass(
    from keys: UnsafeBufferPointer<UInt32>, to sorted: UnsafeMutableBufferPointer<UInt32>,
    shift: UInt32
  ) {
    var places = [Int](repeating: 0, count: 2048)
    for key in keys { places[Int(key >> shift & 2047)] += 1 }
    var start = 0
    for digit in places.indices { (places[digit], start) = (start, start + places[digit]) }
    for key in keys {
      let digit = Int(key >> shift & 2047)
      sorted[places[digit]] = key
      places[digit] += 1
    }
  }
}
