import TorchCore

/// The inverse of spectral whitening on an endless map: a convolution with a kernel of finite
/// support, so that a rate depends only on the whitened values at most `radius` pixels away.
///
/// `SpectralFlattening` divides the cosine coefficients of a patch by 1 + k, with k in half cycles
/// per 64 px. An endless map has no cosine transform; here, amplitudes are divided by c + k, k =
/// 128 |f| with f in cycles per pixel, and the kernel is brought to 0 between half the radius and
/// the radius. With the constant c of the patch size the cosine coefficients of patches cut from
/// the map are, band by band, within 10 % of what the patch's own transform gives, and the spread
/// of patches is the same (docs/decisions/0029-endless-maps.md).
final class EndlessWhitening {
  static let radius = 128

  /// Wave numbers below it are hardly amplified further. Short patches contain little of the waves
  /// that are longer than they are, which an endless map needs.
  static func corner(patchSide: Int) -> Double {
    switch patchSide {
    case ...64: 0.5
    case ...128: 0.7
    default: 0.85
    }
  }

  /// Half cycles per 64 px of one cycle per pixel.
  private static let wavesPerCycle = 128.0
  /// Side of the periodic grid on which the kernel is computed; copies of the kernel that its
  /// period adds are below 1e-6 of its peak.
  private static let gridSide = 1024

  /// [2 radius + 1, 2 radius + 1], float64, on the CPU.
  let kernel: Tensor
  private let device: Device
  /// The kernel's spectrum for images whose sides are the key.
  private var spectra: [[Int]: Tensor] = [:]

  /// - Parameter patchSide: side of the training patches in pixels.
  init(patchSide: Int = 64, device: Device = .cpu) throws {
    let (side, radius) = (Self.gridSide, Self.radius)
    func squares(_ values: [Double], _ shape: [Int]) throws -> Tensor {
      try Tensor(values.map { $0 * $0 }, shape: shape)
    }
    let rows = (0..<side).map { Double(min($0, side - $0)) / Double(side) }
    let columns = (0...side / 2).map { Double($0) / Double(side) }
    let frequency = try (squares(rows, [side, 1]) + squares(columns, [1, side / 2 + 1])).sqrt()
    let gains = try (frequency * Self.wavesPerCycle + Self.corner(patchSide: patchSide)).pow(-1)
    let periodic = try Tensor.complex(gains, .zeros(gains.shape, dtype: .float64))
      .irfft2(height: side, width: side)
    let centered = try periodic.roll([radius, radius], [0, 1])
      .narrow(0, from: 0, length: 2 * radius + 1).narrow(1, from: 0, length: 2 * radius + 1)
    let offsets = (-radius...radius).map(Double.init)
    let distance = try
      (squares(offsets, [offsets.count, 1]) + squares(offsets, [1, offsets.count]))
      .sqrt()
    // A cosine from 1 at half the radius to 0 at the radius.
    let phase = try (distance * (2 / Double(radius)) - 1).clamp(0, 1) * Double.pi
    kernel = try centered * (phase.cos() * 0.5 + 0.5)
    self.device = device
  }

  /// Whitened values [1, 1, H + 2 radius, W + 2 radius] -> rates [1, 1, H, W].
  func invert(_ white: Tensor) throws -> Tensor {
    let radius = Self.radius
    let (height, width) = (white.shape[2], white.shape[3])
    // Whatever wraps around the period falls on the border, which is cut off.
    let sides = [height, width].map(Self.fastSide)
    let padded = try white.pad(
      left: 0, right: sides[1] - width, top: 0, bottom: sides[0] - height, .constant(0))
    return try (padded.rfft2() * spectrum(sides)).irfft2(height: sides[0], width: sides[1])
      .narrow(2, from: 2 * radius, length: height - 2 * radius)
      .narrow(3, from: 2 * radius, length: width - 2 * radius)
  }

  private func spectrum(_ sides: [Int]) throws -> Tensor {
    if let known = spectra[sides] { return known }
    let side = 2 * Self.radius + 1
    let spectrum = try kernel.to(dtype: .float32).to(device: device).reshape([1, 1, side, side])
      .pad(left: 0, right: sides[1] - side, top: 0, bottom: sides[0] - side, .constant(0)).rfft2()
    spectra[sides] = spectrum
    return spectrum
  }

  /// A size without large prime factors.
  private static func fastSide(_ side: Int) -> Int { (side + 63) / 64 * 64 }
}
