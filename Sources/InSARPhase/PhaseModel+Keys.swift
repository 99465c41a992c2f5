import Kernel

// What the keys of the phase's components mean, for templates and the pages made from them.

extension PhaseModel: DocumentedKeys {
  package static let keyDescriptions: KeyValuePairs = [
    "components": "What the phase is the sum of; a component that is not listed is zero.",
    "heightError": "True height minus DEM height, drawn at random where no map is given.",
    "turbulence": "Turbulent atmosphere, drawn for each date.",
    "stratification":
      "Atmospheric delay that depends on height; needs heights (\(OptionName.dem)).",
    "orbitalRamp": "Ramp of orbit errors, drawn for each date.",
    "decorrelation": "Coherence, and the noise that follows from it.",
  ]
}

extension PhaseModel.Turbulence: DocumentedKeys {
  package static let keyDescriptions: KeyValuePairs = [
    "deviationMeters":
      "Standard deviation of one date's delay in the line of sight in m, 0 or more.",
    "spectrum": "Power spectrum of the delay; the default is Hanssen's three regimes.",
  ]
}

extension PhaseModel.DEMError: DocumentedKeys {
  package static let keyDescriptions: KeyValuePairs = [
    "deviationMeters": "Standard deviation in m, 0 or more.",
    "spectrum": "Power spectrum of the height errors.",
  ]
}

extension TurbulenceSpectrum: DocumentedKeys {
  package static let keyDescriptions: KeyValuePairs = [
    "slopes2D":
      "Exponents of the two-dimensional power spectrum from long to short wavelengths, each 0 to 8.",
    "cornerWavelengthsMeters":
      "Wavelengths in m where one slope gives way to the next, longest first; one fewer than slopes.",
    "outerScaleMeters": "Wavelength in m above which the spectrum is flat, above 0.",
    "anisotropyRatio": "How many times longer structures are along elongationDegrees, 1 to 100.",
    "elongationDegrees": "Direction in which structures are long, degrees clockwise from north.",
  ]
}

extension Stratification: DocumentedKeys {
  package static let keyDescriptions: KeyValuePairs = [
    "law": "Delay against height.",
    "meanRadiansPerKilometer": "linear: mean slope in rad/km.",
    "deviationRadiansPerKilometer": "linear: standard deviation of the slope in rad/km, 0 or more.",
    "scale": "power_law: scale of the Laplace-distributed factor in rad/m^exponent, 0 or more.",
    "topMeters": "power_law: height in m at which the delay vanishes, above 0.",
    "topDeviationMeters": "power_law: standard deviation of that height in m, 0 or more.",
    "exponent": "power_law: mean exponent, above 0.",
    "exponentDeviation": "power_law: standard deviation of the exponent, 0 or more.",
  ]
}

extension OrbitalRamp: DocumentedKeys {
  package static let keyDescriptions: KeyValuePairs = [
    "shape": "Plane, or surface of second degree.",
    "deviationRadians":
      "Standard deviation of the phase difference between opposite edges in rad, 0 or more.",
    "quadraticDeviationRadians":
      "quadratic: standard deviation of the coefficients of second degree in rad, 0 or more.",
  ]
}

extension Decorrelation: DocumentedKeys {
  package static let keyDescriptions: KeyValuePairs = [
    "looks": "Independent looks that are averaged, 1 to 10000, not necessarily whole.",
    "initialCoherence": "Coherence at 0 days, 0 to 1.",
    "finalCoherence": "Coherence of very long intervals, 0 to initialCoherence.",
    "decayDays": "Days after which the difference of the two has fallen to 1/e, above 0.",
    "consistency":
      "per_date: each date has its own noise, so that phases close around triangles.",
  ]
}
