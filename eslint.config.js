import tseslint from 'typescript-eslint';

export default tseslint.config(
  { ignores: ['**/dist', '.build', 'node_modules', 'packages/guard/src/schema.ts'] },
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: {
      parserOptions: {
        project: [
          './tsconfig.json',
          './console/tsconfig.json',
          './packages/embedded-postgres/tsconfig.json',
          './packages/guard/tsconfig.json',
          './examples/nest-service/tsconfig.json',
        ],
      },
    },
    rules: {
      'max-lines': ['error', { max: 300, skipBlankLines: true }],
      'max-lines-per-function': ['error', { max: 50, skipBlankLines: true, skipComments: true }],
      // Nest modules are classes whose only content is their decorator.
      '@typescript-eslint/no-extraneous-class': ['error', { allowWithDecorator: true }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      // Entities and settings are plain data that happen to be described by classes.
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
      '@typescript-eslint/no-misused-spread': 'off',
    },
  },
  {
    // The compiler sees that `@Optional()` and `@Nullable()` stand on fields that can be so, and not where
    // they are missing. Every `@Setting()` may be left out.
    files: ['src/**/*.ts'],
    ignores: ['src/**/*.entity.ts', 'src/**/*.spec.ts'],
    rules: {
      'no-restricted-syntax': [
        'error',
        {
          selector:
            'PropertyDefinition[optional=true]:has(> Decorator):not(:has(> Decorator[expression.callee.name=/^(Optional|Setting)$/]))',
          message: 'A field that may be left out needs @Optional().',
        },
        {
          selector:
            'PropertyDefinition:has(> Decorator):not(:has(> Decorator[expression.callee.name="Nullable"])) > TSTypeAnnotation > TSUnionType > TSNullKeyword',
          message: 'A field that may be null needs @Nullable().',
        },
        {
          selector:
            'PropertyDefinition:has(> Decorator) > TSTypeAnnotation > TSUnionType > TSUndefinedKeyword',
          message: 'Write `name?: …` with @Optional().',
        },
      ],
    },
  },
  {
    files: ['test/**/*.ts', 'bench/**/*.ts'],
    rules: {
      // Tests read parsed answers, whose shape is what they check.
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
    },
  },
  {
    files: ['**/*.spec.ts'],
    rules: {
      'max-lines-per-function': 'off',
    },
  },
  {
    // Markup takes a line for each attribute.
    files: ['console/**/*.tsx'],
    rules: {
      'max-lines-per-function': ['error', { max: 80, skipBlankLines: true, skipComments: true }],
    },
  },
  { files: ['**/*.js'], extends: [tseslint.configs.disableTypeChecked] },
);
