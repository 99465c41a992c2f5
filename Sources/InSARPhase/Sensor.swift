import Foundation

/// Radar satellites whose interferograms this project composes.
public enum Sensor: String, Sendable, Codable, CaseIterable {
  case terraSARX = "terrasar-x"
  case cosmoSkyMed = "cosmo-skymed"
  case sentinel1 = "sentinel-1"
  case radarsat2 = "radarsat-2"
  case rcm
  case ers
  case envisat
  case alos
  case alos2 = "alos-2"
  case nisarL = "nisar-l"
  case nisarS = "nisar-s"
  case saocom

  /// Wavelength of the carrier in m.
  ///
  /// Source: the values that MintPy uses (Zhang, Fattahi and Amelung, Computers & Geosciences 2019).
  public var wavelengthMeters: Double {
    switch self {
    case .terraSARX: 0.0310666
    case .cosmoSkyMed: 0.0312284
    case .sentinel1, .radarsat2, .rcm: 0.0554658
    case .ers: 0.0565646
    case .envisat: 0.0562357
    case .alos: 0.2360571
    case .alos2: 0.2384035
    case .nisarL: 0.2384984
    case .nisarS: 0.0936851
    case .saocom: 0.2352900
    }
  }

  /// Repeat interval of one satellite of the mission, in days.
  public var repeatIntervalDays: Int {
    switch self {
    case .terraSARX: 11
    case .cosmoSkyMed, .saocom: 16
    case .sentinel1, .rcm, .nisarL, .nisarS: 12
    case .radarsat2: 24
    case .ers, .envisat: 35
    case .alos: 46
    case .alos2: 14
    }
  }

  /// Incidence angle at the middle of a common swath.
  public var incidenceDegrees: Double {
    switch self {
    case .ers, .envisat: 23
    case .terraSARX, .cosmoSkyMed, .radarsat2, .saocom: 35
    case .alos2: 36
    case .rcm: 38
    case .sentinel1, .alos: 39
    case .nisarL, .nisarS: 40
    }
  }

  /// Height of the orbit above the ground.
  var orbitHeightMeters: Double {
    switch self {
    case .terraSARX: 514e3
    case .rcm: 593e3
    case .cosmoSkyMed, .saocom: 620e3
    case .alos2: 628e3
    case .alos, .sentinel1: 693e3
    case .nisarL, .nisarS: 747e3
    case .ers: 785e3
    case .radarsat2: 798e3
    case .envisat: 800e3
    }
  }

  /// Bandwidth of the chirp in the common strip or wide-swath mode.
  public var rangeBandwidthHertz: Double {
    switch self {
    case .terraSARX, .cosmoSkyMed: 100e6
    case .sentinel1: 48.3e6
    case .saocom: 40e6
    case .radarsat2, .rcm: 30e6
    case .alos, .alos2: 28e6
    case .nisarS: 25e6
    case .nisarL: 20e6
    case .envisat: 16e6
    case .ers: 15.55e6
    }
  }

  /// NISAR looks to the left of its flight direction, all others to the right.
  public var look: LineOfSight.LookDirection {
    self == .nisarL || self == .nisarS ? .left : .right
  }

  /// Heading of an ascending pass at low latitudes; the orbits of these missions differ by less
  /// than 1 degree.
  public static let ascendingHeadingDegrees = -12.0

  /// Distance to mid swath, over a sphere of 6371 km.
  public var slantRangeMeters: Double {
    let earth = 6_371_000.0
    let incidence = incidenceDegrees * .pi / 180
    let orbit = earth + orbitHeightMeters
    return (orbit * orbit - pow(earth * sin(incidence), 2)).squareRoot() - earth * cos(incidence)
  }

  /// The sensor called `name` (lower case, as in `rawValue`).
  /// - Throws: `InSARPhaseError.unknownSensor` with the list of valid names.
  public init(name: String) throws {
    guard let sensor = Sensor(rawValue: name.lowercased()) else {
      throw InSARPhaseError.unknownSensor(name: name)
    }
    self = sensor
  }
}
