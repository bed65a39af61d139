import { Body, Controller, Get, Patch } from '@nestjs/common';
import { AnySession, Public, Requires } from '../auth/access.decorator.js';
import type { Caller } from '../auth/caller.js';
import { CurrentCaller } from '../auth/current-caller.decorator.js';
import { Describe } from '../openapi/describe.decorator.js';
import { AppearanceView, DataPermissionsView } from './appearance.dto.js';
import { ChangeInstallation, InstallationCommitted, InstallationView } from './installation.dto.js';
import { InstallationService } from './installation.service.js';

@Controller('v1/installation')
export class InstallationController {
  constructor(private readonly installation: InstallationService) {}

  @Get()
  @Requires('orgs:read')
  @Describe({
    id: 'getInstallation',
    tag: 'Installation',
    summary: 'Read the settings of the installation',
    response: InstallationView,
  })
  get() {
    return this.installation.get();
  }

  @Patch()
  @Requires('orgs:admin')
  @Describe({
    id: 'changeInstallation',
    tag: 'Installation',
    summary: 'Change the settings of the installation',
    description: 'Fields that are left out stay as they are; so do existing keys.',
    response: InstallationCommitted,
  })
  change(@CurrentCaller() caller: Caller, @Body() body: ChangeInstallation) {
    return this.installation.change(caller, body);
  }

  @Get('appearance')
  @Public()
  @Describe({
    id: 'getAppearance',
    tag: 'Installation',
    summary: 'How the console presents itself',
    response: AppearanceView,
    problems: ['unavailable', 'busy'],
  })
  appearance() {
    return this.installation.appearance();
  }

  @Get('data-permissions')
  @AnySession()
  @Describe({
    id: 'listDataPermissions',
    tag: 'Installation',
    summary: 'What the data permissions mean',
    response: DataPermissionsView,
  })
  dataPermissions() {
    return this.installation.dataPermissions();
  }
}
