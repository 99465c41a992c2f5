import Testing

@testable import TorchCore

/// Shape operations against index arithmetic in plain Swift.
@Suite struct TensorShapeTests {
  let values = (0..<24).map(Float.init)
  let tensor: Tensor  // [2, 3, 4], value 12 i + 4 j + k at [i, j, k]

  init() throws { tensor = try Tensor(values, shape: [2, 3, 4]) }

  /// The values of a function of indices in row-major order.
  private func grid(_ a: Int, _ b: Int, _ c: Int, _ f: (Int, Int, Int) -> Int) -> [Float] {
    (0..<a).flatMap { i in (0..<b).flatMap { j in (0..<c).map { k in Float(f(i, j, k)) } } }
  }

  @Test func reshape() throws {
    let flat = try tensor.reshape([4, -1])
    #expect(flat.shape == [4, 6])
    #expect(try flat.values(Float.self) == values)
  }

  @Test func permuteAndTranspose() throws {
    let permuted = try tensor.permute([2, 0, 1])
    #expect(permuted.shape == [4, 2, 3])
    #expect(try permuted.values(Float.self) == grid(4, 2, 3) { k, i, j in 12 * i + 4 * j + k })
    let transposed = try tensor.transpose(0, 2)
    #expect(try transposed.values(Float.self) == grid(4, 3, 2) { k, j, i in 12 * i + 4 * j + k })
  }

  @Test func expandAndSqueeze() throws {
    let column = try Tensor([1, 2] as [Float], shape: [2, 1])
    #expect(try column.expand([-1, 3]).values(Float.self) == [1, 1, 1, 2, 2, 2])
    #expect(try column.squeeze(1).shape == [2])
    #expect(try column.squeeze(0).shape == [2, 1])
    #expect(try column.unsqueeze(0).shape == [1, 2, 1])
    #expect(try column.unsqueeze(-1).shape == [2, 1, 1])
  }

  @Test func narrowSelectGather() throws {
    let narrow = try tensor.narrow(2, from: 1, length: 2)
    #expect(try narrow.values(Float.self) == grid(2, 3, 2) { i, j, k in 12 * i + 4 * j + k + 1 })
    let order = try Tensor([2, 0] as [Int64], shape: [2])
    let selected = try tensor.select(1, indices: order)
    #expect(
      try selected.values(Float.self) == grid(2, 2, 4) { i, j, k in 12 * i + 4 * [2, 0][j] + k })
    let rows = try Tensor([3, 0, 1, 2, 2, 1] as [Int64], shape: [2, 3, 1])
    #expect(try tensor.gather(2, indices: rows).floats() == [3, 4, 9, 14, 18, 21])
  }

  @Test func splitConcatenateStack() throws {
    let parts = try tensor.split(2, parts: 2)
    #expect(parts.map(\.shape) == [[2, 3, 2], [2, 3, 2]])
    #expect(try parts[1].values(Float.self) == grid(2, 3, 2) { i, j, k in 12 * i + 4 * j + k + 2 })
    #expect(try Tensor.concatenate(parts, 2).values(Float.self) == values)
    #expect(try tensor.split(-1, parts: 4).count == 4)
    let stacked = try Tensor.stack([tensor, tensor * 10], 1)
    #expect(stacked.shape == [2, 2, 3, 4])
    #expect(try stacked.floats()[12...15] == [0, 10, 20, 30])
  }

  @Test func flipAndRoll() throws {
    let flipped = try tensor.flip([0, 2])
    #expect(
      try flipped.values(Float.self)
        == grid(2, 3, 4) { i, j, k in 12 * (1 - i) + 4 * j + 3 - k })
    let rolled = try tensor.roll([1, -1], [1, 2])
    #expect(
      try rolled.values(Float.self)
        == grid(2, 3, 4) { i, j, k in 12 * i + 4 * ((j + 2) % 3) + (k + 1) % 4 })
  }

  @Test func padModes() throws {
    let row = try Tensor([1, 2, 3] as [Float], shape: [1, 1, 1, 3])
    func padded(_ mode: Tensor.PadMode) throws -> [Float] {
      try row.pad(left: 2, right: 1, top: 0, bottom: 0, mode).floats()
    }
    #expect(try padded(.constant(7)) == [7, 7, 1, 2, 3, 7])
    #expect(try padded(.reflect) == [3, 2, 1, 2, 3, 2])
    #expect(try padded(.replicate) == [1, 1, 1, 2, 3, 3])
    let column = try Tensor([1, 2, 3] as [Float], shape: [1, 1, 3, 1])
    let below = try column.pad(left: 0, right: 0, top: 1, bottom: 2, .reflect)
    #expect(below.shape == [1, 1, 6, 1])
    #expect(try below.floats() == [2, 1, 2, 3, 2, 1])
    #expect(throws: TorchError.self) {
      try row.pad(left: 3, right: 0, top: 0, bottom: 0, .reflect)
    }
  }
}
