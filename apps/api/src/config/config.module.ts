import { type DynamicModule, Module } from '@nestjs/common';
import { OpsroomConfig } from './config.js';
import { ReloadService } from './reload.service.js';

/** The configuration and its reloads, for everybody: `ConfigModule.forRoot(loadConfig(options))`. */
@Module({})
export class ConfigModule {
  static forRoot(config: OpsroomConfig): DynamicModule {
    return {
      module: ConfigModule,
      global: true,
      providers: [{ provide: OpsroomConfig, useValue: config }, ReloadService],
      exports: [OpsroomConfig, ReloadService],
    };
  }
}
