import Testing
import TorchTestSupport

@testable import TorchCore

@Suite struct TensorTests {
  @Test func keepsValuesOfEveryElementType() throws {
    #expect(try Tensor([1.5, -2] as [Float], shape: [2]).values(Float.self) == [1.5, -2])
    #expect(try Tensor([1e300, -2], shape: [2]).values(Double.self) == [1e300, -2])
    #expect(try Tensor([Int64.max, -1], shape: [2]).values(Int64.self) == [.max, -1])
    #expect(try Tensor([Int32.min, 7], shape: [2]).values(Int32.self) == [.min, 7])
    #expect(try Tensor([Int16.min, 7], shape: [2]).values(Int16.self) == [.min, 7])
    #expect(try Tensor([UInt8.max, 7], shape: [2]).values(UInt8.self) == [.max, 7])
    #expect(try Tensor([true, false, true], shape: [3]).values(Bool.self) == [true, false, true])
  }

  @Test(arguments: [
    DType.uint8, .int8, .int16, .int32, .int64, .float16, .float32, .float64, .complex64,
    .complex128, .bool, .bfloat16,
  ])
  func makesEveryDType(dtype: DType) throws {
    let ones = try Tensor.ones([2, 3], dtype: dtype)
    #expect(ones.dtype == dtype)
    #expect(ones.shape == [2, 3])
    #expect(ones.count == 6)
    #expect(try ones.item(at: 4) == 1)
    try ones.withBytes { #expect($0.count == 6 * dtype.bytesPerElement) }
    #expect(ones.device == .cpu)
  }

  @Test func roundsToBFloat16AsTheFormatSays() throws {
    // 8 bits of precision: 1 + 2^-8 lies half way between 1 and 1 + 2^-7, and the even one wins.
    let values: [Float] = [1 + 0x1p-8, 1 + 0x3p-8, 1 + 0x1p-7, -0.5]
    let rounded = try Tensor(values, shape: [4]).to(dtype: .bfloat16)
    #expect(try rounded.floats() == [1, 1 + 0x1p-6, 1 + 0x1p-7, -0.5])
  }

  @Test func complexNumbersHaveTwoParts() throws {
    let real = try Tensor([1, -2] as [Float], shape: [2])
    let imaginary = try Tensor([3, 4] as [Float], shape: [2])
    let z = try Tensor.complex(real, imaginary)
    #expect(z.dtype == .complex64)
    let square = try z * z
    #expect(try square.real().floats() == [-8, -12])
    #expect(try square.imaginary().floats() == [6, -16])
  }

  @Test func scalarsAndEmptyTensors() throws {
    let scalar = try Tensor([2.5] as [Float], shape: [])
    #expect(scalar.shape == [] && scalar.count == 1)
    #expect(try scalar.item() == 2.5)
    let none = try Tensor([] as [Float], shape: [0, 4])
    #expect(none.shape == [0, 4] && none.count == 0)
    #expect(try none.values(Float.self) == [])
    #expect(try none.sum().item() == 0)
  }

  @Test func fullAndRange() throws {
    #expect(try Tensor.full([3], -1.5).floats() == [-1.5, -1.5, -1.5])
    #expect(try Tensor.zeros([2], dtype: .int64).values(Int64.self) == [0, 0])
    #expect(try Tensor.range(from: 1, to: 2, by: 0.25).floats() == [1, 1.25, 1.5, 1.75])
    #expect(try Tensor.empty([2, 0, 3]).shape == [2, 0, 3])
  }

  @Test func copiesDoNotShareMemory() throws {
    let original = try Tensor([1, 2] as [Float], shape: [2])
    let clone = try original.clone()
    let same = try original.to(dtype: .float32)
    try original.fill_(9)
    #expect(try clone.floats() == [1, 2])
    #expect(try same.floats() == [9, 9])
    try clone.copy(from: Tensor([5] as [Int64], shape: [1]))
    #expect(try clone.floats() == [5, 5])
  }

  /// The layout in memory changes, the values at an index do not.
  @Test func channelsLastKeepsValuesByIndex() throws {
    let values = (0..<2 * 3 * 4 * 5).map(Float.init)
    let plain = try Tensor(values, shape: [2, 3, 4, 5])
    let last = try plain.channelsLast()
    #expect(plain.isContiguous && !plain.isChannelsLast)
    #expect(last.isChannelsLast && !last.isContiguous)
    #expect(last.shape == [2, 3, 4, 5])
    #expect(try last.values(Float.self) == values)
    let pixel = try last.narrow(0, from: 1, length: 1).narrow(1, from: 2, length: 1)
      .narrow(2, from: 3, length: 1).narrow(3, from: 4, length: 1)
    #expect(try pixel.item() == Double(((1 * 3 + 2) * 4 + 3) * 5 + 4))
    #expect(try last.contiguous().isContiguous)
    try last.withBytes { #expect(Array($0.bindMemory(to: Float.self)) == values) }
  }

  @Test func setDataKeepsTheIdentity() throws {
    let parameter = try Tensor([1, 2] as [Float], shape: [2]).requireGradient()
    try parameter.setData(Tensor([3, 4] as [Float], shape: [2]))
    #expect(try parameter.floats() == [3, 4])
    #expect(parameter.requiresGradient)
  }
}

/// Bad input throws an error that says what is wrong; nothing traps.
@Suite struct TensorErrorTests {
  @Test func wrongCounts() {
    #expect(throws: TorchError.self) { try Tensor([1, 2, 3] as [Float], shape: [2, 2]) }
    #expect(throws: TorchError.self) { try Tensor([1] as [Float], shape: [0]) }
    #expect(throws: TorchError.self) { try Tensor([] as [Float], shape: []) }
  }

  @Test func negativeDimensions() {
    let expected = TorchError.shape("tensor", expected: "no negative dimension", got: [2, -1])
    #expect(throws: expected) { try Tensor.zeros([2, -1]) }
    #expect(throws: expected) { try Tensor.empty([2, -1]) }
    #expect(throws: expected) { try Tensor([1, 2] as [Float], shape: [2, -1]) }
  }

  @Test func sizesBeyondMemory() {
    #expect(throws: TorchError.self) { try Tensor.empty([1 << 40, 1 << 40]) }
    let error = #expect(throws: TorchError.self) { try Tensor.zeros([1 << 50]) }
    #expect(error?.description.contains("Lower the batch size") == true)
  }

  @Test func floatsAreHandedOverInRowMajorOrder() throws {
    let values: [Float] = [1, 2, 3, 4, 5, 6]
    let tensor = try Tensor(values, shape: [2, 3])
    #expect(try tensor.withFloats { Array($0) } == values)
    #expect(try tensor.transpose(0, 1).withFloats { Array($0) } == [1, 4, 2, 5, 3, 6])
    #expect(throws: TorchError.self) { try tensor.to(dtype: .float64).withFloats { $0.count } }
  }

  @Test func anotherElementType() throws {
    let numbers = try Tensor([1, 2] as [Float], shape: [2])
    #expect(throws: TorchError.elementType(expected: .int64, got: .float32)) {
      try numbers.values(Int64.self)
    }
    #expect("\(TorchError.elementType(expected: .int64, got: .float32))".contains("to(dtype:)"))
  }

  @Test func itemOfSeveral() throws {
    #expect(throws: TorchError.self) { try Tensor.ones([2]).item() }
  }

  @Test func shapesThatDoNotFit() throws {
    let a = try Tensor.ones([2, 3])
    #expect(throws: TorchError.self) { try a.matmul(a) }
    #expect(throws: TorchError.self) { try a + Tensor.ones([2, 2]) }
    #expect(throws: TorchError.self) { try a.reshape([4]) }
    #expect(throws: TorchError.self) { try a.expand([2, 4]) }
    #expect(throws: TorchError.self) { try a.permute([0, 0]) }
    #expect(throws: TorchError.self) { try a.copy(from: Tensor.ones([5])) }
    #expect(throws: TorchError.self) { try a.channelsLast() }
    #expect(throws: TorchError.self) { try a.upsampleNearest2x() }
    #expect(throws: TorchError.self) { try Tensor.concatenate([a, Tensor.ones([2, 4])], 0) }
    #expect(throws: TorchError.self) { try Tensor.stack([a, Tensor.ones([3, 2])]) }
    #expect(throws: TorchError.self) { try Tensor.concatenate([], 0) }
    #expect(throws: TorchError.self) { try a.roll([1, 2], [0]) }
  }

  @Test func indicesOutOfRange() throws {
    let a = try Tensor.ones([2, 3])
    #expect(throws: TorchError.self) { try a.narrow(1, from: 2, length: 2) }
    #expect(throws: TorchError.self) { try a.narrow(1, from: 0, length: -1) }
    #expect(throws: TorchError.self) { try a.narrow(2, from: 0, length: 1) }
    let indices = try Tensor([0, 3] as [Int64], shape: [2])
    #expect(throws: TorchError.self) { try a.select(1, indices: indices) }
    #expect(throws: TorchError.self) { try a.gather(1, indices: indices.reshape([2, 1])) }
    #expect(throws: TorchError.self) { try a.sum([2]) }
    #expect(throws: TorchError.self) { try a.transpose(0, 5) }
  }

  @Test func splitsThatDoNotDivide() throws {
    let a = try Tensor.ones([2, 3])
    #expect(throws: TorchError.self) { try a.split(1, parts: 2) }
    #expect(throws: TorchError.self) { try a.split(1, parts: 0) }
    #expect(throws: TorchError.self) { try a.split(2, parts: 1) }
    #expect(throws: TorchError.self) { try a.split(-3, parts: 1) }
  }

  /// LibTorch's message has several lines; one is enough.
  @Test func messagesAreOneLine() throws {
    let error = #expect(throws: TorchError.self) {
      try Tensor.ones([2, 3]).matmul(Tensor.ones([2, 3]))
    }
    let text = try #require(error).description
    #expect(text.hasPrefix("matmul: "))
    #expect(!text.contains("\n"))
  }
}

extension Tensor {
  /// The real part of one element, by its place in row-major order.
  func item(at index: Int) throws -> Double {
    let flat = dtype == .complex64 || dtype == .complex128 ? try real() : self
    return try doubles(flat)[index]
  }
}
