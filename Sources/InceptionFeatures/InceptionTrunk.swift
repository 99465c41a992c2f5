import TorchCore

/// The trunk of the Inception network that every published FID uses, up to the pooled features.
///
/// Source: Szegedy et al., "Rethinking the Inception Architecture", 2015, in the variant of
/// TensorFlow's graph of 2015-12-05: every 3x3 average pool excludes padding, and the pool of the
/// last block is a max pool. Batch normalization is folded into the convolutions.
struct InceptionTrunk {
  static let featureCount = 2048

  private let gray: InceptionConvolution
  private let rgb: InceptionConvolution
  private let stem: [InceptionConvolution]
  private let late: [InceptionConvolution]
  private let blocks: [any InceptionBlock]

  /// - Throws: `InceptionError.weights` with the tensor that is missing or has a wrong shape.
  init(_ weights: InceptionWeights) throws {
    func layer(_ name: String, stride: Int = 1) throws -> InceptionConvolution {
      try InceptionConvolution(weights, name, stride: stride)
    }
    rgb = try layer("Conv2d_1a_3x3", stride: 2)
    gray = try rgb.forEqualChannels()
    stem = try [layer("Conv2d_2a_3x3"), layer("Conv2d_2b_3x3")]
    late = try [layer("Conv2d_3b_1x1"), layer("Conv2d_4a_3x3")]
    blocks = [
      try InceptionA(weights, "Mixed_5b"), try InceptionA(weights, "Mixed_5c"),
      try InceptionA(weights, "Mixed_5d"), try InceptionReductionA(weights, "Mixed_6a"),
      try InceptionB(weights, "Mixed_6b"), try InceptionB(weights, "Mixed_6c"),
      try InceptionB(weights, "Mixed_6d"), try InceptionB(weights, "Mixed_6e"),
      try InceptionReductionB(weights, "Mixed_7a"),
      try InceptionC(weights, "Mixed_7b", pool: .average),
      try InceptionC(weights, "Mixed_7c", pool: .maximum),
    ]
  }

  /// Images [N, 1 or 3, 299, 299] in -1...1 -> features [N, 2048].
  ///
  /// One channel represents three equal ones.
  func callAsFunction(_ images: Tensor) throws -> Tensor {
    let first = images.shape[1] == 1 ? gray : rgb
    var x = try first(images.channelsLast())
    for layer in stem { x = try layer(x) }
    x = try x.maxPool(kernel: 3, stride: 2)
    for layer in late { x = try layer(x) }
    x = try x.maxPool(kernel: 3, stride: 2)
    for block in blocks { x = try block(x) }
    return try x.mean([2, 3])
  }
}

/// A part of the trunk, [N, C, H, W] -> [N, C', H', W'].
protocol InceptionBlock {
  func callAsFunction(_ x: Tensor) throws -> Tensor
}

/// 35 x 35 pixels: 1x1, 5x5, double 3x3 and pooled branches.
private struct InceptionA: InceptionBlock {
  let entry: MergedEntry
  let branch5x5: InceptionConvolution
  let branch3x3: [InceptionConvolution]

  init(_ weights: InceptionWeights, _ name: String) throws {
    func layer(_ branch: String) throws -> InceptionConvolution {
      try InceptionConvolution(weights, "\(name).\(branch)")
    }
    entry = try MergedEntry(
      [layer("branch1x1"), layer("branch5x5_1"), layer("branch3x3dbl_1")],
      pooled: layer("branch_pool"))
    branch5x5 = try layer("branch5x5_2")
    branch3x3 = try [layer("branch3x3dbl_2"), layer("branch3x3dbl_3")]
  }

  func callAsFunction(_ x: Tensor) throws -> Tensor {
    let parts = try entry(x)
    return try Tensor.concatenate(
      [parts[0], branch5x5(parts[1]), run(branch3x3, parts[2]), parts[3]], 1)
  }
}

/// 35 -> 17 pixels.
private struct InceptionReductionA: InceptionBlock {
  let branch3x3: InceptionConvolution
  let double3x3: [InceptionConvolution]

  init(_ weights: InceptionWeights, _ name: String) throws {
    branch3x3 = try InceptionConvolution(weights, "\(name).branch3x3", stride: 2)
    double3x3 = try [
      InceptionConvolution(weights, "\(name).branch3x3dbl_1"),
      InceptionConvolution(weights, "\(name).branch3x3dbl_2"),
      InceptionConvolution(weights, "\(name).branch3x3dbl_3", stride: 2),
    ]
  }

  func callAsFunction(_ x: Tensor) throws -> Tensor {
    try Tensor.concatenate(
      [branch3x3(x), run(double3x3, x), x.maxPool(kernel: 3, stride: 2)], 1)
  }
}

/// 17 x 17 pixels: 7x7 convolutions as rows and columns.
private struct InceptionB: InceptionBlock {
  let entry: MergedEntry
  let branch7x7: [InceptionConvolution]
  let double7x7: [InceptionConvolution]

  init(_ weights: InceptionWeights, _ name: String) throws {
    func layer(_ branch: String) throws -> InceptionConvolution {
      try InceptionConvolution(weights, "\(name).\(branch)")
    }
    entry = try MergedEntry(
      [layer("branch1x1"), layer("branch7x7_1"), layer("branch7x7dbl_1")],
      pooled: layer("branch_pool"))
    branch7x7 = try [layer("branch7x7_2"), layer("branch7x7_3")]
    double7x7 = try (2...5).map { try layer("branch7x7dbl_\($0)") }
  }

  func callAsFunction(_ x: Tensor) throws -> Tensor {
    let parts = try entry(x)
    return try Tensor.concatenate(
      [parts[0], run(branch7x7, parts[1]), run(double7x7, parts[2]), parts[3]], 1)
  }
}

/// 17 -> 8 pixels.
private struct InceptionReductionB: InceptionBlock {
  let branch3x3: [InceptionConvolution]
  let branch7x7: [InceptionConvolution]

  init(_ weights: InceptionWeights, _ name: String) throws {
    func layer(_ branch: String, stride: Int = 1) throws -> InceptionConvolution {
      try InceptionConvolution(weights, "\(name).\(branch)", stride: stride)
    }
    branch3x3 = try [layer("branch3x3_1"), layer("branch3x3_2", stride: 2)]
    branch7x7 = try [
      layer("branch7x7x3_1"), layer("branch7x7x3_2"), layer("branch7x7x3_3"),
      layer("branch7x7x3_4", stride: 2),
    ]
  }

  func callAsFunction(_ x: Tensor) throws -> Tensor {
    try Tensor.concatenate(
      [run(branch3x3, x), run(branch7x7, x), x.maxPool(kernel: 3, stride: 2)], 1)
  }
}

/// 8 x 8 pixels: 3x3 convolutions that fan out into a row and a column.
private struct InceptionC: InceptionBlock {
  enum Pool { case average, maximum }

  let entry: MergedEntry
  /// The pooled branch of the last block, whose max pool does not commute with a convolution.
  let afterMaximum: InceptionConvolution?
  let fan3x3: [InceptionConvolution]
  let double3x3: InceptionConvolution
  let fanDouble: [InceptionConvolution]

  init(_ weights: InceptionWeights, _ name: String, pool: Pool) throws {
    func layer(_ branch: String) throws -> InceptionConvolution {
      try InceptionConvolution(weights, "\(name).\(branch)")
    }
    let pooled = try layer("branch_pool")
    entry = try MergedEntry(
      [layer("branch1x1"), layer("branch3x3_1"), layer("branch3x3dbl_1")],
      pooled: pool == .average ? pooled : nil)
    afterMaximum = pool == .maximum ? pooled : nil
    fan3x3 = try [layer("branch3x3_2a"), layer("branch3x3_2b")]
    double3x3 = try layer("branch3x3dbl_2")
    fanDouble = try [layer("branch3x3dbl_3a"), layer("branch3x3dbl_3b")]
  }

  func callAsFunction(_ x: Tensor) throws -> Tensor {
    let parts = try entry(x)
    let double = try double3x3(parts[2])
    let pooled =
      try afterMaximum.map { try $0(x.maxPool(kernel: 3, stride: 1, padding: 1)) } ?? parts[3]
    return try Tensor.concatenate(
      [
        parts[0], fan3x3[0](parts[1]), fan3x3[1](parts[1]), fanDouble[0](double),
        fanDouble[1](double), pooled,
      ], 1)
  }
}

private func run(_ layers: [InceptionConvolution], _ x: Tensor) throws -> Tensor {
  try layers.reduce(x) { try $1($0) }
}
